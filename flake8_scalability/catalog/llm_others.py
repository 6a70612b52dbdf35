"""Hosted language models of others: Groq, Together, Cohere, Mistral, Google, Bedrock, Ollama, LiteLLM, Hugging Face.

groq, together: 60 s, two tries more.  cohere: 5 min, two more.  google-genai, ollama and huggingface_hub have no
timeout unless they are given one.  Sources: github.com/groq/groq-python, docs.cohere.com, docs.mistral.ai,
googleapis.github.io/python-genai, github.com/ollama/ollama-python, docs.litellm.ai,
huggingface.co/docs/huggingface_hub.
"""

from __future__ import annotations

from flake8_scalability.catalog.rows import Api, Deadline, Effect, Resource, System

_SANE = Deadline(sane=True)
_SANE_CLIENT = Deadline(client=("timeout",), sane=True)
_TEXT = "generates text"
_PICTURE = "generates an image with a model"

_MISTRAL = "mistralai.{,client.}Mistral()"
_GENAI = "google.genai.{,client.}Client()"
_GEMINI = "{google.generativeai,vertexai.generative_models,vertexai.preview.generative_models}.GenerativeModel()"
_OLLAMA = "{chat,generate,embed,embeddings}"

ROWS: tuple[Api, ...] = (
    # Clients made by the same generator as OpenAI's
    Api(
        "groq.{Groq,AsyncGroq,Client,AsyncClient} together.{Together,AsyncTogether} "
        "cerebras.cloud.sdk.{Cerebras,AsyncCerebras}",
        System.LLM,
        makes=Resource.SERVICE_CLIENT,
        deadline=_SANE,
    ),
    Api(
        "{groq.Groq,groq.Client,together.Together,cerebras.cloud.sdk.Cerebras}().chat.completions.create",
        System.LLM,
        effect=Effect.READ,
        blocks=True,
        deadline=_SANE_CLIENT,
        retried=True,
        slow=_TEXT,
    ),
    Api(
        "{groq.AsyncGroq,groq.AsyncClient,together.AsyncTogether,cerebras.cloud.sdk.AsyncCerebras}()."
        "chat.completions.create",
        System.LLM,
        effect=Effect.READ,
        deadline=_SANE_CLIENT,
        retried=True,
        slow=_TEXT,
    ),
    Api("cohere.{Client,ClientV2,AsyncClient,AsyncClientV2}", System.LLM, makes=Resource.SERVICE_CLIENT),
    Api(
        "cohere.{Client,ClientV2}().{chat,generate,summarize}",
        System.LLM,
        effect=Effect.READ,
        blocks=True,
        retried=True,
        slow=_TEXT,
    ),
    Api(
        "cohere.{Client,ClientV2}().{embed,rerank,classify,chat_stream}",
        System.LLM,
        effect=Effect.READ,
        blocks=True,
        retried=True,
    ),
    Api(
        "cohere.{AsyncClient,AsyncClientV2}().{chat,generate}", System.LLM, effect=Effect.READ, retried=True, slow=_TEXT
    ),
    Api("mistralai.{,client.}{Mistral,MistralClient,MistralAsyncClient}", System.LLM, makes=Resource.SERVICE_CLIENT),
    Api(
        _MISTRAL + ".{chat,agents,fim}.complete",
        System.LLM,
        effect=Effect.READ,
        blocks=True,
        retries=("retries", "retry_config"),
        slow=_TEXT,
    ),
    Api(
        _MISTRAL + ".{chat.stream,embeddings.create,ocr.process}",
        System.LLM,
        effect=Effect.READ,
        blocks=True,
        retries=("retries", "retry_config"),
    ),
    Api(
        _MISTRAL + ".{chat,agents,fim}.complete_async",
        System.LLM,
        effect=Effect.READ,
        retries=("retries", "retry_config"),
        slow=_TEXT,
    ),
    # Google: the current library has neither a timeout nor tries more by default, those before it have both.
    Api(
        "google.genai.{,client.}Client",
        System.LLM,
        makes=Resource.SERVICE_CLIENT,
        deadline=Deadline(nested=("http_options",), advice="pass http_options=HttpOptions(timeout=60_000)"),
    ),
    Api(
        f"{_GENAI}.models.generate_content {_GENAI}.chats.create().send_message",
        System.LLM,
        effect=Effect.READ,
        blocks=True,
        retries=("http_options",),
        slow=_TEXT,
    ),
    Api(
        f"{_GENAI}.models.{{generate_content_stream,embed_content,count_tokens}}",
        System.LLM,
        effect=Effect.READ,
        blocks=True,
        retries=("http_options",),
    ),
    Api(
        f"{_GENAI}.models.{{generate_images,generate_videos,edit_image}}",
        System.LLM,
        effect=Effect.READ,
        blocks=True,
        retries=("http_options",),
        slow=_PICTURE,
    ),
    Api(
        f"{_GENAI}.aio.models.generate_content {_GENAI}.aio.chats.create().send_message",
        System.LLM,
        effect=Effect.READ,
        retries=("http_options",),
        slow=_TEXT,
    ),
    Api(
        f"{_GEMINI}.generate_content {_GEMINI}.start_chat().send_message",
        System.LLM,
        effect=Effect.READ,
        blocks=True,
        retried=True,
        slow=_TEXT,
    ),
    Api(
        f"{_GEMINI}.generate_content_async {_GEMINI}.start_chat().send_message_async",
        System.LLM,
        effect=Effect.READ,
        retried=True,
        slow=_TEXT,
    ),
    Api("google.generativeai.{embed_content,generate_text}", System.LLM, effect=Effect.READ, blocks=True, retried=True),
    # Bedrock, retried as everything of botocore
    Api(
        "boto3.client().{invoke_model,converse,retrieve_and_generate,invoke_agent}",
        System.LLM,
        effect=Effect.READ,
        blocks=True,
        retried=True,
        slow=_TEXT,
    ),
    Api(
        "aioboto3.Session().client().{invoke_model,converse}", System.LLM, effect=Effect.READ, retried=True, slow=_TEXT
    ),
    # Ollama runs on the same machine mostly, so that trying again is no advice to give.
    Api("ollama.{,_client.}{Client,AsyncClient}", System.LLM, makes=Resource.SERVICE_CLIENT, deadline=Deadline()),
    Api("ollama.{,_client.}Client()." + _OLLAMA, System.LLM, blocks=True, slow=_TEXT),
    Api("ollama.{,_client.}AsyncClient()." + _OLLAMA, System.LLM, slow=_TEXT),
    Api(
        "ollama." + _OLLAMA,
        System.LLM,
        blocks=True,
        deadline=Deadline((), advice="call it on a Client(timeout=120)"),
        slow=_TEXT,
    ),
    # LiteLLM: 10 min, two tries more with most providers
    Api(
        "litellm.{,main.}{completion,text_completion,responses}",
        System.LLM,
        effect=Effect.READ,
        blocks=True,
        deadline=_SANE,
        retried=True,
        slow=_TEXT,
    ),
    Api(
        "litellm.{,main.}{acompletion,atext_completion,aresponses}",
        System.LLM,
        effect=Effect.READ,
        deadline=_SANE,
        retried=True,
        slow=_TEXT,
    ),
    Api("litellm.{,main.}embedding", System.LLM, effect=Effect.READ, blocks=True, deadline=_SANE, retried=True),
    Api(
        "huggingface_hub.{InferenceClient,AsyncInferenceClient}",
        System.LLM,
        makes=Resource.SERVICE_CLIENT,
        deadline=Deadline(),
    ),
    Api(
        "huggingface_hub.InferenceClient().{chat_completion,chat.completions.create,text_generation,text_to_image,"
        "text_to_speech,automatic_speech_recognition,summarization,translation}",
        System.LLM,
        effect=Effect.READ,
        blocks=True,
        slow="runs a model at another place",
    ),
    Api(
        "replicate.run replicate.Client().run",
        System.LLM,
        effect=Effect.READ,
        blocks=True,
        retried=True,
        slow="runs a model at another place",
    ),
)
