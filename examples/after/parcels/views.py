"""The JSON interface for shops and depots."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, g, jsonify, redirect, request

from . import cache, clients, config, storage, store, tasks
from .auth import limiter, required

bp = Blueprint("parcels", __name__)

IMPORT_SECONDS = 86400


def visible_parcel(number: str):
    parcel = store.parcel(number)
    if parcel and g.customer["role"] == "depot":
        return parcel
    if parcel is None or parcel["customer_id"] != g.customer["id"]:
        abort(404, "no such parcel")
    return parcel


def page_size() -> int:
    return max(1, min(request.args.get("limit", 100, type=int), 500))


@bp.get("/health")
@limiter.exempt
def health():
    return jsonify(status="ok")


@bp.get("/parcels")
@required("shop", "depot")
def list_parcels():
    limit = page_size()
    owner = None if g.customer["role"] == "depot" else g.customer["id"]
    page = store.parcels_page(owner, request.args.get("q", ""), request.args.get("after", ""), limit)
    return jsonify(parcels=page, next=page[-1]["number"] if len(page) == limit else None)


@bp.post("/parcels")
@required("shop")
def register():
    body = request.get_json()
    cents = store.tariff(body["zone"])
    if cents is None or not clients.known_postcode(body["postcode"]):
        abort(422, "unknown zone or postcode")
    tasks.refuse_when_busy()
    number = store.register(g.customer["id"], body)
    if number is None:
        abort(402, "quota used up")
    tasks.charge.delay(number, cents)
    tasks.announce.delay({"number": number, "status": "registered"}, None)
    tasks.send_mail.delay(body.get("email"), f"Parcel {number}", f"Your parcel {number} is on its way.")
    return jsonify(number=number, status="registered", cents=cents), 201


@bp.get("/parcels/<number>")
@required("shop", "depot")
def show_parcel(number: str):
    parcel = visible_parcel(number)
    return jsonify(
        number=number,
        recipient=parcel["recipient"],
        status=parcel["status"],
        carrier=clients.carrier_status(number),
        contact=clients.account_manager(parcel["shop"]),
    )


@bp.get("/parcels/<number>/events")
@required("shop", "depot")
def list_events(number: str):
    visible_parcel(number)
    limit = page_size()
    page = store.events_page(number, request.args.get("before", type=int), limit)
    return jsonify(events=page, next=page[-1]["id"] if len(page) == limit else None)


@bp.post("/parcels/<number>/events")
@required("depot")
def add_event(number: str):
    parcel = visible_parcel(number)
    body = request.get_json()
    event = {"number": number, "status": body["status"], "place": body["place"]}
    tasks.refuse_when_busy()
    store.add_event(**event)
    tasks.announce.delay(event, parcel["webhook"])
    return jsonify(event), 201


@bp.get("/parcels/<number>/route")
@required("shop", "depot")
def show_route(number: str):
    visible_parcel(number)
    try:
        return jsonify(clients.carrier_route(number))
    except clients.UNAVAILABLE:
        abort(503, "the carrier does not answer")


@bp.get("/parcels/<number>/label")
@required("shop", "depot")
def show_label(number: str):
    parcel = visible_parcel(number)
    if parcel["label"]:
        return redirect(storage.link(parcel["label"]))
    if not config.CARRIER_URL:
        abort(404, "no label")
    tasks.refuse_when_busy()
    if cache.client.set(f"label:{number}", "asked", nx=True, ex=600):
        tasks.fetch_label.delay(number)
    return jsonify(status="in the making"), 202, {"Retry-After": "5"}


@bp.post("/parcels/<number>/proof")
@required("depot")
def upload_proof(number: str):
    visible_parcel(number)
    storage.save(f"proofs/{number}.jpg", request.files["photo"].stream, "image/jpeg")
    return jsonify(number=number), 201


@bp.get("/parcels/<number>/proof")
@required("shop", "depot")
def show_proof(number: str):
    visible_parcel(number)
    return redirect(storage.link(f"proofs/{number}.jpg"))


@bp.put("/tariffs/<zone>")
@required("depot")
def set_tariff(zone: str):
    cents = int(request.get_json()["cents"])
    store.set_tariff(zone, cents)
    return jsonify(zone=zone, cents=cents)


@bp.post("/imports")
@required("shop")
def start_import():
    tasks.refuse_when_busy()
    job = uuid.uuid4().hex
    key = f"imports/{job}.csv"
    storage.save(key, request.files["file"].stream, "text/csv")
    with cache.client.pipeline() as pipe:
        pipe.hset(f"import:{job}", mapping={"owner": g.customer["id"], "done": 0, "finished": 0})
        pipe.expire(f"import:{job}", IMPORT_SECONDS)
        pipe.execute()
    tasks.run_import.delay(job, g.customer["id"], key)
    return jsonify(job=job), 202


@bp.get("/imports/<job>")
@required("shop")
def show_import(job: str):
    owner, done, finished = cache.client.hmget(f"import:{job}", "owner", "done", "finished")
    if owner != str(g.customer["id"]):
        abort(404, "no such import")
    return jsonify(done=int(done), finished=finished == "1")
