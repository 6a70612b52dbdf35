"""Frameworks around language models: LangChain, LlamaIndex and agents.

LangChain's own classes for OpenAI and Anthropic have no timeout unless they are given one, and try twice more.
Sources: reference.langchain.com/python, developers.llamaindex.ai, ai.pydantic.dev, docs.crewai.com.
"""

from __future__ import annotations

from flake8_scalability.catalog.rows import Api, Deadline, Effect, Resource, System

_TEXT = "generates text"

_LC = "langchain_openai.ChatOpenAI()"
_LC_ASK = "{invoke,predict,predict_messages,generate,batch,call_as_llm}"
_LC_AASK = "{ainvoke,apredict,apredict_messages,agenerate,abatch}"
_CHAIN = "langchain.chains.LLMChain()"
_CHAINS = (
    "{LLMChain,ConversationChain,RetrievalQA,RetrievalQAWithSourcesChain,ConversationalRetrievalChain,SequentialChain,"
    "SimpleSequentialChain,StuffDocumentsChain,MapReduceDocumentsChain,GraphCypherQAChain,SQLDatabaseChain}"
)

ROWS: tuple[Api, ...] = (
    # LangChain hands its None on to the client, where it turns the default off.
    Api(
        "langchain_openai.{,chat_models.,llms.,chat_models.azure.}{ChatOpenAI,AzureChatOpenAI,OpenAI,AzureOpenAI}",
        System.LLM,
        makes=Resource.SERVICE_CLIENT,
        deadline=Deadline(("timeout", "request_timeout")),
        returns=_LC,
        fluent=True,
    ),
    Api(
        "langchain_anthropic.{,chat_models.}ChatAnthropic",
        System.LLM,
        makes=Resource.SERVICE_CLIENT,
        deadline=Deadline(("timeout", "default_request_timeout")),
        returns=_LC,
        fluent=True,
    ),
    Api(
        "langchain_google_genai.{ChatGoogleGenerativeAI,GoogleGenerativeAI} "
        "langchain_google_vertexai.{ChatVertexAI,VertexAI} langchain_aws.{ChatBedrock,ChatBedrockConverse,BedrockLLM} "
        "langchain_mistralai.ChatMistralAI langchain_groq.ChatGroq langchain_cohere.ChatCohere "
        "langchain_ollama.{ChatOllama,OllamaLLM} langchain_together.ChatTogether "
        "langchain.chat_models.{ChatOpenAI,AzureChatOpenAI,ChatAnthropic,init_chat_model,base.init_chat_model} "
        "langchain.llms.{OpenAI,AzureOpenAI,Ollama} langchain_community.llms.{OpenAI,Ollama,Bedrock} "
        "langchain_community.chat_models.{ChatOpenAI,AzureChatOpenAI,ChatOllama,ChatAnthropic,BedrockChat}",
        System.LLM,
        makes=Resource.SERVICE_CLIENT,
        returns=_LC,
        fluent=True,
    ),
    Api(f"{_LC}.{_LC_ASK} {_LC}", System.LLM, effect=Effect.READ, blocks=True, retried=True, slow=_TEXT),
    Api(f"{_LC}.{_LC_AASK}", System.LLM, effect=Effect.READ, retried=True, slow=_TEXT),
    Api(f"{_LC}.stream", System.LLM, effect=Effect.READ, blocks=True, retried=True),
    Api(f"{_LC}.{{astream,astream_events}}", System.LLM, effect=Effect.READ, retried=True),
    Api(
        "langchain_openai.{,embeddings.}{OpenAIEmbeddings,AzureOpenAIEmbeddings}",
        System.LLM,
        makes=Resource.SERVICE_CLIENT,
        deadline=Deadline(("timeout", "request_timeout")),
        returns="langchain_openai.OpenAIEmbeddings()",
    ),
    Api(
        "langchain.embeddings.OpenAIEmbeddings langchain.embeddings.openai.OpenAIEmbeddings "
        "langchain_community.embeddings.OpenAIEmbeddings",
        System.LLM,
        makes=Resource.SERVICE_CLIENT,
        returns="langchain_openai.OpenAIEmbeddings()",
    ),
    Api(
        "langchain_openai.OpenAIEmbeddings().{embed_query,embed_documents}",
        System.LLM,
        effect=Effect.READ,
        blocks=True,
        retried=True,
    ),
    # A chain with a memory belongs to one conversation.
    Api(f"langchain.chains.{_CHAINS} langchain_classic.chains.{_CHAINS}", System.LLM, returns=_CHAIN),
    Api(
        "langchain{,_classic}.chains.{RetrievalQA,RetrievalQAWithSourcesChain,ConversationalRetrievalChain}."
        "{from_chain_type,from_llm} langchain{,_classic}.chains.{load_chain,load_qa_chain,load_summarize_chain,"
        "question_answering.load_qa_chain,summarize.load_summarize_chain} "
        "langchain{,_classic}.chains.combine_documents.create_stuff_documents_chain "
        "langchain{,_classic}.chains.{create_retrieval_chain,retrieval.create_retrieval_chain}",
        System.LLM,
        makes=Resource.MODEL,
        shared_by=("memory",),
        returns=_CHAIN,
    ),
    Api(
        "langchain{,_classic}.agents.{initialize_agent,AgentExecutor} langchain.agents.create_agent",
        System.LLM,
        returns=_CHAIN,
    ),
    Api("langgraph.prebuilt.create_react_agent langgraph.graph.StateGraph().compile", System.LLM, returns=_CHAIN),
    Api(f"{_CHAIN}.{{invoke,run,predict,apply,batch,__call__}} {_CHAIN}", System.LLM, blocks=True, slow=_TEXT),
    Api(f"{_CHAIN}.{{ainvoke,arun,apredict,acall,abatch}}", System.LLM, slow=_TEXT),
    # LlamaIndex
    Api(
        "llama_index.{,core.,core.indices.}load_index_from_storage",
        System.LLM,
        makes=Resource.MODEL,
        blocks=True,
        returns="llama_index.core.VectorStoreIndex()",
    ),
    Api(
        "llama_index.{,core.}{VectorStoreIndex,SummaryIndex,GPTVectorStoreIndex}.from_documents",
        System.LLM,
        blocks=True,
        slow="embeds documents with a model",
        returns="llama_index.core.VectorStoreIndex()",
    ),
    Api(
        "llama_index.core.VectorStoreIndex().{as_query_engine().query,as_chat_engine().chat}",
        System.LLM,
        blocks=True,
        slow=_TEXT,
    ),
    Api(
        "llama_index.core.VectorStoreIndex().{as_query_engine().aquery,as_chat_engine().achat}", System.LLM, slow=_TEXT
    ),
    # Agents
    Api("pydantic_ai.{,agent.}Agent().run_sync crewai.{,crew.}Crew().kickoff", System.LLM, blocks=True, slow=_TEXT),
    Api("pydantic_ai.{,agent.}Agent().run crewai.{,crew.}Crew().kickoff_async", System.LLM, slow=_TEXT),
)
