"""The JSON interface for shops and depots."""

from __future__ import annotations

import csv
import io
import threading
import uuid

from flask import Blueprint, abort, g, jsonify, request, send_from_directory

from . import clients, store
from .auth import required

bp = Blueprint("parcels", __name__)

imports: dict[str, dict] = {}


def visible_parcel(number: str):
    parcel = store.parcel(number)
    if parcel and g.customer["role"] == "depot":
        return parcel
    if parcel is None or parcel["customer_id"] != g.customer["id"]:
        abort(404, "no such parcel")
    return parcel


@bp.get("/health")
def health():
    return jsonify(status="ok")


@bp.get("/parcels")
@required("shop", "depot")
def list_parcels():
    if g.customer["role"] == "depot":
        rows = store.all_parcels()
    else:
        rows = store.parcels_of(g.customer["id"], request.args.get("q", ""))
    parcels = []
    for row in rows:
        parcel = {key: row[key] for key in ("number", "recipient", "status")}
        parcel["last_event"] = store.last_event(row["number"])
        parcels.append(parcel)
    return jsonify(parcels=parcels)


@bp.post("/parcels")
@required("shop")
def register():
    body = request.get_json()
    cents = store.tariff(body["zone"])
    if cents is None or not clients.known_postcode(body["postcode"]):
        abort(422, "unknown zone or postcode")
    if not store.use_quota(g.customer["id"]):
        abort(402, "quota used up")
    with store.connect() as db:
        number = store.add_parcel(db, g.customer["id"], body)
        payment = clients.PaymentGateway().charge(number, cents)
        db.execute("UPDATE parcels SET payment = ? WHERE number = ?", (payment, number))
    store.add_event(number, "registered", "shop")
    clients.publish_event({"number": number, "status": "registered"})
    text = f"Your parcel {number} is on its way."
    clients.send_mail(body.get("email"), f"Parcel {number}", text)
    return jsonify(number=number, status="registered", cents=cents), 201


@bp.get("/parcels/<number>")
@required("shop", "depot")
def show_parcel(number: str):
    parcel = visible_parcel(number)
    shop = store.customer(parcel["customer_id"])
    return jsonify(
        number=number,
        recipient=parcel["recipient"],
        status=parcel["status"],
        carrier=clients.carrier_status(number),
        contact=clients.account_manager(shop["email"]),
    )


@bp.get("/parcels/<number>/events")
@required("shop", "depot")
def list_events(number: str):
    visible_parcel(number)
    limit = int(request.args.get("limit", 50))
    page = int(request.args.get("page", 0))
    return jsonify(events=store.events(number, limit, page))


@bp.post("/parcels/<number>/events")
@required("depot")
def add_event(number: str):
    parcel = visible_parcel(number)
    body = request.get_json()
    event = {"number": number, "status": body["status"], "place": body["place"]}
    store.add_event(**event)
    clients.publish_event(event)
    if parcel["webhook"]:
        clients.outbox.put((parcel["webhook"], event))
    return jsonify(event), 201


@bp.get("/parcels/<number>/route")
async def show_route(number: str):
    if g.customer is None:
        abort(401, "log in first")
    visible_parcel(number)
    return jsonify(await clients.carrier_route(number))


@bp.get("/parcels/<number>/label")
@required("shop", "depot")
def show_label(number: str):
    visible_parcel(number)
    pdf = clients.label(number)
    if pdf is None:
        abort(404, "no label")
    return pdf, 200, {"Content-Type": "application/pdf"}


@bp.post("/parcels/<number>/proof")
@required("depot")
def upload_proof(number: str):
    visible_parcel(number)
    folder = store.DATA / "proofs"
    folder.mkdir(exist_ok=True)
    request.files["photo"].save(folder / f"{number}.jpg")
    return jsonify(number=number), 201


@bp.get("/parcels/<number>/proof")
@required("shop", "depot")
def show_proof(number: str):
    visible_parcel(number)
    return send_from_directory((store.DATA / "proofs").resolve(), f"{number}.jpg")


@bp.put("/tariffs/<zone>")
@required("depot")
def set_tariff(zone: str):
    cents = int(request.get_json()["cents"])
    store.set_tariff(zone, cents)
    return jsonify(zone=zone, cents=cents)


def run_import(job: str, customer_id: int, text: str) -> None:
    for fields in csv.DictReader(io.StringIO(text)):
        with store.connect() as db:
            store.add_parcel(db, customer_id, fields)
        imports[job]["done"] += 1
    imports[job]["finished"] = True


@bp.post("/imports")
@required("shop")
def start_import():
    text = request.files["file"].read().decode()
    job = uuid.uuid4().hex
    imports[job] = {"done": 0, "finished": False}
    threading.Thread(target=run_import, args=(job, g.customer["id"], text)).start()
    return jsonify(job=job), 202


@bp.get("/imports/<job>")
@required("shop")
def show_import(job: str):
    if job not in imports:
        abort(404, "no such import")
    return jsonify(imports[job])
