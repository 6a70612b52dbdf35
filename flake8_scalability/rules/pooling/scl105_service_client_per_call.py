"""SCL105: a heavy client, or a machine-learning model, that is made again on every call."""

from __future__ import annotations

from collections.abc import Iterator

from flake8_scalability.catalog.rows import Place, Resource
from flake8_scalability.model.language import loops
from flake8_scalability.model.language.loops import LoopKind
from flake8_scalability.model.pooling.sharing import made_per_call
from flake8_scalability.model.running.lifetimes import serves_many
from flake8_scalability.model.sites import CallSite
from flake8_scalability.model.source import SourceFile
from flake8_scalability.options import Severity
from flake8_scalability.rule import Bad, Finding, Good, Rule

_MADE = {
    Resource.SERVICE_CLIENT: "client",
    Resource.MAIL_CONNECTION: "mail connection",
    Resource.MODEL: "model",
}


class ServiceClientPerCall(Rule):
    """A function that runs per call makes a client, or loads a model, that is expensive to make.

    What it does
    ------------
    Finds clients of cloud services (boto3, google-cloud, Azure), gRPC channels, broker connections and producers
    (Kafka, pika), SDK clients (OpenAI, Anthropic, Stripe, Docker, Kubernetes), paramiko connections, and
    machine-learning models, tokenizers, vector stores and chains, made in a function that runs on every request, task
    or call; in an AWS Lambda handler too. An SMTP connection counts where a loop opens one for each mail.

    Why it does not scale
    ---------------------
    Making such an object reads service definitions, fetches credentials and certificates, opens connections or loads
    gigabytes of weights: milliseconds to minutes that each call pays again, and memory that each holds for itself.

    How to fix it
    -------------
    Make it once: at module level (outside of the handler in Lambda, where the next invocation finds it again), in the
    lifespan or application factory, or in a provider with `functools.lru_cache`. boto3 clients may be shared between
    threads; for sessions and resources keep one for each thread.

    Known limits
    ------------
    A client that serves a whole batch (a loop over it) is silent outside of the request path, and so is one that
    carries credentials of the caller, which can't be one for all. An object kept on `self` is taken to live as long as
    the process unless the file makes the instance per call.
    """

    code = "SCL105"
    slug = "service-client-per-call"
    severity = Severity.HIGH
    since = "0.1.0"
    load = "client per call"
    message = "{callee}() makes a new {made} on every call of {function}(); make it once, outside of the function"
    short = "{callee}() makes a new {made} on every call of {function}(); share one"
    title = "Service client or model made per call"
    impact = "Each call pays again for credentials, connections, service definitions or weights"
    fix = "Make the client or load the model once (module level, lifespan, cached provider) and share it"
    references = (
        "https://boto3.amazonaws.com/v1/documentation/api/latest/guide/clients.html",
        "https://docs.aws.amazon.com/lambda/latest/dg/best-practices.html",
        "https://grpc.io/docs/guides/performance/",
    )
    examples = (
        Bad(
            """
            import boto3

            def lambda_handler(event, context):
                bucket = boto3.resource("s3").Bucket(event["bucket"])  # SCL105
                return {"bucket": bucket.name}
        """,
            "made in the handler, for every invocation",
        ),
        Bad(
            """
            import boto3

            def presign(key):
                session = boto3.Session(region_name="eu-west-1")
                client = session.client("s3")  # SCL105
                return client.generate_presigned_url("get_object", Params={"Bucket": "media", "Key": key})
        """,
            "session and client are one defect",
        ),
        Bad(
            """
            from flask import Flask
            from sentence_transformers import SentenceTransformer

            app = Flask(__name__)

            @app.route("/health")
            def health():
                model = SentenceTransformer("all-MiniLM-L6-v2")  # SCL105
                return {"dimension": model.get_sentence_embedding_dimension()}
        """,
            "the weights are loaded for every request",
        ),
        Bad(
            """
            import smtplib

            def check_all(hosts):
                for host in hosts:
                    with smtplib.SMTP(host.name, timeout=10) as server:  # SCL105
                        server.set_debuglevel(host.level)
        """,
            "a mail connection for each item",
        ),
        Good(
            """
            import boto3

            s3 = boto3.client("s3")

            def lambda_handler(event, context):
                return {"endpoint": s3.meta.endpoint_url}
        """,
            "made outside of the handler",
        ),
        Good(
            """
            import boto3

            _client = None

            def client():
                global _client
                if not _client:
                    _client = boto3.client("s3")
                return _client
        """,
            "memoised for the process",
        ),
        Good(
            """
            from functools import lru_cache
            from sentence_transformers import SentenceTransformer

            @lru_cache(maxsize=1)
            def model():
                return SentenceTransformer("all-MiniLM-L6-v2")
        """,
            "a cached provider",
        ),
        Good(
            """
            import boto3

            class Media:
                def __init__(self):
                    self.client = boto3.client("s3")

                def url(self, key):
                    return self.client.generate_presigned_url("get_object", Params={"Bucket": "media", "Key": key})

            media = Media()
        """,
            "held by an object that is made once",
        ),
        Good(
            """
            import boto3

            def presign_all(keys):
                client = boto3.client("s3")
                return [client.generate_presigned_url("get_object", Params={"Key": key}) for key in keys]
        """,
            "one client for a whole batch",
        ),
        Good(
            """
            from anthropic import Anthropic

            def models_of(user):
                client = Anthropic(api_key=user.api_key, timeout=20)
                return client.base_url
        """,
            "it speaks for one user",
        ),
        Good(
            """
            import boto3

            def build_client(region):
                return boto3.client("s3", region_name=region)
        """,
            "a factory whose callers are elsewhere",
        ),
        Good(
            """
            import smtplib

            def open_mail_server(settings):
                server = smtplib.SMTP(settings.host, timeout=10)
                server.noop()
        """,
            "one mail connection, outside of a loop",
        ),
        Good(
            """
            from openai import OpenAI
            from fastapi import FastAPI

            app = FastAPI()

            @app.on_event("startup")
            async def connect():
                app.state.llm = OpenAI(timeout=20)
        """,
            "made at start-up",
        ),
        Good(
            """
            import torch

            class Classifier:
                def __init__(self, path):
                    self.model = None
                    self.path = path

                def predictor(self):
                    if self.model is None:
                        self.model = torch.jit.load(self.path)
                    return self.model
        """,
            "loaded at first use and kept",
        ),
        Good(
            """
            import boto3

            def bucket_of(account):
                role = boto3.client("sts").assume_role(RoleArn=account, RoleSessionName="shop")  # todo: SCL105
                given = {"use_ssl": True}
                given["aws_access_key_id"] = role["Credentials"]["AccessKeyId"]
                return boto3.resource("s3", **given).Bucket("media").name
        """,
            "the role's credentials run out",
        ),
        Good(
            """
            from kubernetes import client

            def pods(api_client):
                return client.CoreV1Api(api_client).api_client
        """,
            "it works through the client that it is given",
        ),
        Good(
            """
            from faster_whisper import WhisperModel

            def fetch(name):
                WhisperModel(name, download_root="/models")
        """,
            "the weights are downloaded, nothing is kept",
        ),
        Good(
            """
            import torch

            WEIGHTS = "/models/ranker.pt"

            class Ranker:
                def load_checkpoint(self):
                    weights = torch.load(WEIGHTS, map_location="cpu")
                    self.net.load_state_dict(weights)
        """,
            "how often a model is filled, its callers decide",
        ),
        Good(
            """
            import boto3

            def session_of(profile):
                return boto3.Session(profile_name=profile)
        """,
            "whoever calls names the account",
        ),
        Good(
            """
            import boto3

            def delete_old_backups_nightly():
                boto3.client("s3").delete_object(Bucket="media", Key="old")
        """,
            "one client a night is nothing",
        ),
        Good(
            """
            from anthropic import Anthropic

            def models_of(channel):
                return Anthropic(api_key=channel.config["api_key"], timeout=20).base_url
        """,
            "each channel has an account of its own",
        ),
    )

    def check(self, source: SourceFile) -> Iterator[Finding]:
        """Yield the clients, models and mail connections that are made per call."""
        for site in made_per_call(source, *_MADE):
            makes = site.api.makes if site.api is not None else None
            if makes is not None and not _is_wanted(site, makes):
                yield Finding.at(site, made=_MADE[makes])


def _is_wanted(site: CallSite, makes: Resource) -> bool:
    """Whether making it here is right: a mail connection outside of loops, a client for a batch."""
    if makes is Resource.MAIL_CONNECTION:
        return not _is_repeated(site)
    return site.place is not Place.REQUEST and serves_many(site)


def _is_repeated(site: CallSite) -> bool:
    """Whether a loop over items runs the call, here or around a call of its function."""
    callers = [site]
    if site.function is not None:
        edges = site.source.graph.into.get(site.function, ())
        callers += [CallSite(edge.node, edge.caller, site.source) for edge in edges if not edge.handed]
    found = [loops.enclosing(caller) for caller in callers]
    return any(loop is not None and loop.kind is LoopKind.ITEMS for loop in found)
