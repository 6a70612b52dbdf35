"""Models that a process loads and runs: transformers, sentence-transformers, PyTorch, Keras, spaCy, Whisper and others.

Loading reads hundreds of megabytes and may first fetch them; running keeps the processor, or a GPU, busy.
Sources: huggingface.co/docs, sbert.net, docs.pytorch.org, keras.io/api, spacy.io/api, github.com/openai/whisper,
onnxruntime.ai/docs, docs.ultralytics.com, radimrehurek.com/gensim, llama-cpp-python.readthedocs.io, mlflow.org/docs.
"""

from __future__ import annotations

from flake8_scalability.catalog.rows import Api, Resource, System

_LOADS = "loads a model"
_RUNS = "runs a model"
_TEXT = "generates text"
_SPEECH = "transcribes speech"

_MODEL = "transformers.AutoModel()"
_TOKENIZER = "transformers.AutoTokenizer()"
_PIPELINE = "diffusers.DiffusionPipeline()"

TRANSFORMERS = (
    Api(
        "transformers.{,pipelines.}pipeline",
        System.CPU,
        makes=Resource.MODEL,
        blocks=True,
        heavy=_LOADS,
        returns="transformers.pipeline()",
    ),
    # The object is called.
    Api("transformers.pipeline()", System.CPU, heavy=_RUNS),
    Api(
        "transformers.{AutoModel,AutoModelForCausalLM,AutoModelForSeq2SeqLM,AutoModelForSequenceClassification,"
        "AutoModelForTokenClassification,AutoModelForQuestionAnswering,AutoModelForMaskedLM,"
        "AutoModelForImageClassification,AutoModelForObjectDetection,AutoModelForSpeechSeq2Seq,AutoModelForVision2Seq,"
        "AutoModelForImageTextToText,BertModel,BertForSequenceClassification,DistilBertForSequenceClassification,"
        "RobertaForSequenceClassification,GPT2LMHeadModel,T5ForConditionalGeneration,BartForConditionalGeneration,"
        "LlamaForCausalLM,MarianMTModel,CLIPModel,BlipForConditionalGeneration,ViTForImageClassification,"
        "WhisperForConditionalGeneration,VisionEncoderDecoderModel,Wav2Vec2ForCTC}.from_pretrained "
        "peft.{PeftModel,AutoPeftModelForCausalLM}.from_pretrained optimum.onnxruntime.{ORTModelForCausalLM,"
        "ORTModelForSequenceClassification,ORTModelForFeatureExtraction}.from_pretrained "
        "setfit.SetFitModel.from_pretrained",
        System.CPU,
        makes=Resource.MODEL,
        blocks=True,
        heavy=_LOADS,
        returns=_MODEL,
        fluent=True,
    ),
    Api(_MODEL + ".generate", System.CPU, heavy=_RUNS, slow=_TEXT),
    Api(_MODEL, System.CPU, heavy=_RUNS),
    Api(
        "transformers.{AutoTokenizer,AutoProcessor,AutoImageProcessor,AutoFeatureExtractor,BertTokenizer,"
        "BertTokenizerFast,DistilBertTokenizer,DistilBertTokenizerFast,RobertaTokenizer,RobertaTokenizerFast,"
        "GPT2Tokenizer,GPT2TokenizerFast,T5Tokenizer,T5TokenizerFast,BartTokenizer,LlamaTokenizer,MarianTokenizer,"
        "CLIPProcessor,BlipProcessor,ViTImageProcessor,TrOCRProcessor,WhisperProcessor}.from_pretrained "
        "tokenizers.Tokenizer.{from_pretrained,from_file}",
        System.CPU,
        makes=Resource.MODEL,
        blocks=True,
        heavy="loads a tokenizer",
        returns=_TOKENIZER,
    ),
    Api(
        "diffusers.{DiffusionPipeline,StableDiffusionPipeline,StableDiffusionXLPipeline,FluxPipeline,"
        "AutoPipelineForText2Image,AutoPipelineForImage2Image,StableDiffusionImg2ImgPipeline,"
        "StableDiffusionInpaintPipeline}.{from_pretrained,from_single_file}",
        System.CPU,
        makes=Resource.MODEL,
        blocks=True,
        heavy=_LOADS,
        returns=_PIPELINE,
        fluent=True,
    ),
    Api(_PIPELINE, System.CPU, heavy=_RUNS, slow="generates an image with a model"),
)

EMBEDDINGS = (
    Api(
        "sentence_transformers.{SentenceTransformer,CrossEncoder,SparseEncoder,cross_encoder.CrossEncoder}",
        System.CPU,
        makes=Resource.MODEL,
        blocks=True,
        heavy=_LOADS,
    ),
    Api(
        "sentence_transformers.SentenceTransformer().{encode,encode_multi_process,encode_query,encode_document} "
        "sentence_transformers.{,cross_encoder.}CrossEncoder().{predict,rank}",
        System.CPU,
        heavy=_RUNS,
    ),
    Api(
        "fastembed.{TextEmbedding,SparseTextEmbedding,ImageEmbedding}",
        System.CPU,
        makes=Resource.MODEL,
        blocks=True,
        heavy=_LOADS,
    ),
    Api(
        "FlagEmbedding.{FlagModel,BGEM3FlagModel,FlagReranker}",
        System.CPU,
        makes=Resource.MODEL,
        blocks=True,
        heavy=_LOADS,
    ),
    Api(
        "FlagEmbedding.{FlagModel,BGEM3FlagModel}().encode FlagEmbedding.FlagReranker().compute_score",
        System.CPU,
        heavy=_RUNS,
    ),
    Api(
        "langchain_huggingface.{HuggingFaceEmbeddings,HuggingFacePipeline.from_model_id} "
        "langchain{,_community}.embeddings.{HuggingFaceEmbeddings,HuggingFaceBgeEmbeddings,SentenceTransformerEmbeddings,"
        "HuggingFaceInstructEmbeddings}",
        System.CPU,
        makes=Resource.MODEL,
        blocks=True,
        heavy=_LOADS,
    ),
    # Vector indexes in the process
    Api("faiss.read_index", System.FILE, makes=Resource.MODEL, blocks=True, heavy="loads a vector index"),
    Api(
        "langchain_community.vectorstores.{,faiss.}FAISS.load_local langchain.vectorstores.FAISS.load_local",
        System.FILE,
        makes=Resource.MODEL,
        blocks=True,
        heavy="loads a vector index",
    ),
    Api(
        "{langchain_community,langchain}.vectorstores.{FAISS,Chroma}.{from_documents,from_texts} "
        "langchain_chroma.{,vectorstores.}Chroma.{from_documents,from_texts}",
        System.LLM,
        blocks=True,
        slow="embeds documents with a model",
    ),
    Api(
        "langchain_chroma.{,vectorstores.}Chroma {langchain_community,langchain}.vectorstores.Chroma",
        System.SEARCH,
        makes=Resource.MODEL,
        blocks=True,
    ),
    Api(
        "chromadb.{Client,EphemeralClient,PersistentClient}",
        System.SEARCH,
        makes=Resource.SERVICE_CLIENT,
        blocks=True,
        returns="chromadb.Client()",
    ),
    Api(
        "chromadb.{HttpClient,CloudClient}",
        System.SEARCH,
        makes=Resource.SERVICE_CLIENT,
        blocks=True,
        returns="chromadb.Client()",
    ),
    Api("chromadb.AsyncHttpClient", System.SEARCH, makes=Resource.SERVICE_CLIENT),
    Api(
        "chromadb.Client().{get_collection,get_or_create_collection,create_collection}",
        System.SEARCH,
        blocks=True,
        returns="chromadb.Collection()",
    ),
    Api("chromadb.Collection().{add,upsert,update,delete,query,get,count}", System.SEARCH, blocks=True),
)

FRAMEWORKS = (
    Api("torch.load torch.jit.load", System.FILE, makes=Resource.MODEL, blocks=True, heavy=_LOADS),
    Api("torch.hub.load", System.CPU, makes=Resource.MODEL, blocks=True, heavy=_LOADS),
    Api("torch.hub.{load_state_dict_from_url,download_url_to_file}", System.HTTP, blocks=True),
    Api("safetensors.torch.load_file", System.FILE, makes=Resource.MODEL, blocks=True, heavy=_LOADS),
    Api(
        "{tensorflow.keras,tensorflow.python.keras,keras}.models.load_model {tensorflow.keras,keras}.saving.load_model "
        "tensorflow.saved_model.load tensorflow_hub.{load,KerasLayer} tensorflow.lite.Interpreter "
        "tflite_runtime.interpreter.Interpreter",
        System.FILE,
        makes=Resource.MODEL,
        blocks=True,
        heavy=_LOADS,
    ),
    Api(
        "joblib.{,numpy_pickle.}load sklearn.externals.joblib.load",
        System.FILE,
        makes=Resource.MODEL,
        blocks=True,
        heavy=_LOADS,
    ),
    Api("onnxruntime.InferenceSession", System.FILE, makes=Resource.MODEL, blocks=True, heavy=_LOADS),
    Api(
        "mlflow.{pyfunc,sklearn,pytorch,tensorflow,keras,xgboost,lightgbm,transformers}.load_model",
        System.CPU,
        makes=Resource.MODEL,
        blocks=True,
        heavy=_LOADS,
    ),
    Api("mlflow.{pyfunc,sklearn,tensorflow,keras,xgboost,lightgbm}.load_model().predict", System.CPU, heavy=_RUNS),
    Api(
        "fastai.{learner,vision.all,text.all,tabular.all}.load_learner",
        System.CPU,
        makes=Resource.MODEL,
        blocks=True,
        heavy=_LOADS,
    ),
)

LANGUAGE = (
    Api("spacy.{,util.}load", System.CPU, makes=Resource.MODEL, blocks=True, heavy=_LOADS, returns="spacy.load()"),
    Api("spacy.load() spacy.load().pipe", System.CPU, heavy=_RUNS),
    Api("stanza.{,pipeline.core.}Pipeline", System.CPU, makes=Resource.MODEL, blocks=True, heavy=_LOADS),
    Api("stanza.{,pipeline.core.}Pipeline()", System.CPU, heavy=_RUNS),
    Api(
        "flair.models.{SequenceTagger,TextClassifier}.load flair.nn.Classifier.load",
        System.CPU,
        makes=Resource.MODEL,
        blocks=True,
        heavy=_LOADS,
    ),
    Api(
        "flair.models.{SequenceTagger,TextClassifier}.load().predict flair.nn.Classifier.load().predict",
        System.CPU,
        heavy=_RUNS,
    ),
    Api("fasttext.load_model", System.FILE, makes=Resource.MODEL, blocks=True, heavy=_LOADS),
    Api(
        "gensim.downloader.load gensim.models.KeyedVectors.{load,load_word2vec_format} "
        "gensim.models.{Word2Vec,FastText,Doc2Vec,LdaModel}.load "
        "gensim.models.keyedvectors.KeyedVectors.load_word2vec_format",
        System.FILE,
        makes=Resource.MODEL,
        blocks=True,
        heavy=_LOADS,
    ),
    Api(
        "llama_cpp.{,llama.}Llama llama_cpp.Llama.from_pretrained",
        System.CPU,
        makes=Resource.MODEL,
        blocks=True,
        heavy=_LOADS,
        returns="llama_cpp.Llama()",
    ),
    Api(
        "llama_cpp.Llama().{create_chat_completion,create_completion} llama_cpp.Llama()",
        System.CPU,
        heavy=_RUNS,
        slow=_TEXT,
    ),
    Api("llama_cpp.Llama().create_embedding", System.CPU, heavy=_RUNS),
    Api(
        "vllm.LLM gpt4all.GPT4All ctransformers.AutoModelForCausalLM.from_pretrained",
        System.CPU,
        makes=Resource.MODEL,
        blocks=True,
        heavy=_LOADS,
    ),
    Api("vllm.LLM().{generate,chat} gpt4all.GPT4All().generate", System.CPU, heavy=_RUNS, slow=_TEXT),
)

SENSES = (
    Api("whisper.load_model whisperx.load_model", System.CPU, makes=Resource.MODEL, blocks=True, heavy=_LOADS),
    Api(
        "faster_whisper.{,transcribe.}{WhisperModel,BatchedInferencePipeline}",
        System.CPU,
        makes=Resource.MODEL,
        blocks=True,
        heavy=_LOADS,
    ),
    Api(
        "whisper.load_model().transcribe whisperx.load_model().transcribe faster_whisper.{,transcribe.}{WhisperModel,"
        "BatchedInferencePipeline}().transcribe whisper.transcribe",
        System.CPU,
        heavy=_SPEECH,
        slow=_SPEECH,
    ),
    Api(
        "vosk.Model TTS.api.TTS nemo.collections.asr.models.ASRModel.from_pretrained",
        System.CPU,
        makes=Resource.MODEL,
        blocks=True,
        heavy=_LOADS,
    ),
    Api("easyocr.{,easyocr.}Reader paddleocr.PaddleOCR", System.CPU, makes=Resource.MODEL, blocks=True, heavy=_LOADS),
    Api("ultralytics.{YOLO,RTDETR,SAM,YOLOWorld}", System.CPU, makes=Resource.MODEL, blocks=True, heavy=_LOADS),
    Api("insightface.app.FaceAnalysis", System.CPU, makes=Resource.MODEL, blocks=True, heavy=_LOADS),
    Api("insightface.app.FaceAnalysis().get", System.CPU, heavy=_RUNS),
    Api(
        "cv2.dnn.{readNet,readNetFromONNX,readNetFromCaffe,readNetFromTensorflow,readNetFromDarknet}",
        System.FILE,
        makes=Resource.MODEL,
        blocks=True,
        heavy=_LOADS,
    ),
    Api(
        "rembg.new_session open_clip.create_model_and_transforms clip.load",
        System.CPU,
        makes=Resource.MODEL,
        blocks=True,
        heavy=_LOADS,
    ),
    Api("docling.document_converter.DocumentConverter", System.CPU, makes=Resource.MODEL),
)

ROWS: tuple[Api, ...] = (*TRANSFORMERS, *EMBEDDINGS, *FRAMEWORKS, *LANGUAGE, *SENSES)
