"""The language models of OpenAI and Anthropic: 10 min, and two tries more with growing waits.

Sources: github.com/openai/openai-python, github.com/anthropics/anthropic-sdk-python.
"""

from __future__ import annotations

from flake8_scalability.catalog.rows import Api, Deadline, Effect, Resource, System

_SANE = Deadline(sane=True)
_SANE_CLIENT = Deadline(client=("timeout",), sane=True)
_TEXT = "generates text"
_PICTURE = "generates an image with a model"
_SPEECH = "turns speech into text, or text into speech"

_CHAT = (
    "{chat.completions.create,chat.completions.parse,beta.chat.completions.create,beta.chat.completions.parse,"
    "completions.create,responses.create,responses.parse}"
)
_STREAM = "{chat.completions.stream,beta.chat.completions.stream,responses.stream}"
_AUDIO = "audio.{speech,transcriptions,translations}.create"
_OPENAI = "openai.OpenAI()"
_OPENAI_ASYNC = "openai.AsyncOpenAI()"

OPENAI = (
    Api("openai.OpenAI", System.LLM, makes=Resource.SERVICE_CLIENT, deadline=_SANE),
    Api(
        "openai.{Client,AzureOpenAI,lib.azure.AzureOpenAI} langfuse.openai.{OpenAI,AzureOpenAI}",
        System.LLM,
        makes=Resource.SERVICE_CLIENT,
        deadline=_SANE,
        returns=_OPENAI,
    ),
    Api("openai.AsyncOpenAI", System.LLM, makes=Resource.SERVICE_CLIENT, deadline=_SANE),
    Api(
        "openai.{AsyncClient,AsyncAzureOpenAI,lib.azure.AsyncAzureOpenAI} "
        "langfuse.openai.{AsyncOpenAI,AsyncAzureOpenAI}",
        System.LLM,
        makes=Resource.SERVICE_CLIENT,
        deadline=_SANE,
        returns=_OPENAI_ASYNC,
    ),
    # These share the connections of the client.
    Api(f"{_OPENAI}.{{with_options,copy}}", System.LLM, returns=_OPENAI),
    Api(f"{_OPENAI_ASYNC}.{{with_options,copy}}", System.LLM, returns=_OPENAI_ASYNC),
    Api(
        f"{_OPENAI}.{_CHAT} openai.{_CHAT}",
        System.LLM,
        effect=Effect.READ,
        blocks=True,
        deadline=_SANE_CLIENT,
        retried=True,
        slow=_TEXT,
    ),
    Api(f"{_OPENAI}.{_STREAM}", System.LLM, effect=Effect.READ, blocks=True, deadline=_SANE_CLIENT, retried=True),
    Api(
        f"{_OPENAI}.{{embeddings,moderations}}.create openai.{{embeddings,moderations}}.create",
        System.LLM,
        effect=Effect.READ,
        blocks=True,
        deadline=_SANE_CLIENT,
        retried=True,
    ),
    Api(
        f"{_OPENAI}.images.{{generate,edit,create_variation}} openai.images.generate",
        System.LLM,
        effect=Effect.READ,
        blocks=True,
        deadline=_SANE_CLIENT,
        retried=True,
        slow=_PICTURE,
    ),
    Api(
        f"{_OPENAI}.{_AUDIO} openai.{_AUDIO}",
        System.LLM,
        effect=Effect.READ,
        blocks=True,
        deadline=_SANE_CLIENT,
        retried=True,
        slow=_SPEECH,
    ),
    Api(
        f"{_OPENAI}.beta.threads.runs.{{create_and_poll,poll}} {_OPENAI}.beta.threads.create_and_run_poll",
        System.LLM,
        blocks=True,
        retried=True,
        slow="waits for a language model's run",
    ),
    Api(f"{_OPENAI_ASYNC}.{_CHAT}", System.LLM, effect=Effect.READ, deadline=_SANE_CLIENT, retried=True, slow=_TEXT),
    Api(
        f"{_OPENAI_ASYNC}.{{embeddings,moderations}}.create",
        System.LLM,
        effect=Effect.READ,
        deadline=_SANE_CLIENT,
        retried=True,
    ),
    Api(
        f"{_OPENAI_ASYNC}.images.{{generate,edit}}",
        System.LLM,
        effect=Effect.READ,
        deadline=_SANE_CLIENT,
        retried=True,
        slow=_PICTURE,
    ),
    Api(f"{_OPENAI_ASYNC}.{_AUDIO}", System.LLM, effect=Effect.READ, deadline=_SANE_CLIENT, retried=True, slow=_SPEECH),
    # Before version 1: 10 min, and no tries more.
    Api(
        "openai.{ChatCompletion,Completion}.create",
        System.LLM,
        effect=Effect.READ,
        blocks=True,
        deadline=Deadline(("request_timeout",), sane=True),
        slow=_TEXT,
    ),
    Api("openai.{ChatCompletion,Completion}.acreate", System.LLM, effect=Effect.READ, slow=_TEXT),
    Api("openai.Embedding.create", System.LLM, effect=Effect.READ, blocks=True),
    Api("openai.Image.create", System.LLM, effect=Effect.READ, blocks=True, slow=_PICTURE),
)

_ANTHROPIC = "anthropic.Anthropic()"
_ANTHROPIC_ASYNC = "anthropic.AsyncAnthropic()"
_MESSAGES = "{messages,beta.messages,completions}.create"

ANTHROPIC = (
    Api("anthropic.{Anthropic,AsyncAnthropic}", System.LLM, makes=Resource.SERVICE_CLIENT, deadline=_SANE),
    Api(
        "anthropic.{Client,AnthropicBedrock,AnthropicVertex}",
        System.LLM,
        makes=Resource.SERVICE_CLIENT,
        deadline=_SANE,
        returns=_ANTHROPIC,
    ),
    Api(
        "anthropic.{AsyncClient,AsyncAnthropicBedrock,AsyncAnthropicVertex}",
        System.LLM,
        makes=Resource.SERVICE_CLIENT,
        deadline=_SANE,
        returns=_ANTHROPIC_ASYNC,
    ),
    Api(f"{_ANTHROPIC}.with_options", System.LLM, returns=_ANTHROPIC),
    Api(f"{_ANTHROPIC_ASYNC}.with_options", System.LLM, returns=_ANTHROPIC_ASYNC),
    Api(
        f"{_ANTHROPIC}.{_MESSAGES}",
        System.LLM,
        effect=Effect.READ,
        blocks=True,
        deadline=_SANE_CLIENT,
        retried=True,
        slow=_TEXT,
    ),
    Api(
        f"{_ANTHROPIC}.{{messages,beta.messages}}.{{stream,count_tokens}}",
        System.LLM,
        effect=Effect.READ,
        blocks=True,
        deadline=_SANE_CLIENT,
        retried=True,
    ),
    Api(
        f"{_ANTHROPIC_ASYNC}.{_MESSAGES}",
        System.LLM,
        effect=Effect.READ,
        deadline=_SANE_CLIENT,
        retried=True,
        slow=_TEXT,
    ),
)

ROWS: tuple[Api, ...] = (*OPENAI, *ANTHROPIC)
