"""Work for the processor: passwords, keys, compression, archives, tables of data, solvers, and models that learn.

`heavy` is what holds up an event loop for more than about ten milliseconds on ordinary input; `slow`, in addition, is
what takes a second or so, so that a queue should do it.  What waits for another program or for the network, without
using the processor itself, has `blocks` instead of `heavy`.
Sources: passlib.readthedocs.io, argon2-cffi.readthedocs.io, cryptography.io, pandas.pydata.org, docs.pola.rs,
scikit-learn.org, gitpython.readthedocs.io, networkx.org.
"""

from __future__ import annotations

from flake8_scalability.catalog.rows import Api, Deadline, System

_PASSWORD = "computes a password hash"
_KEY = "generates a key"
_DERIVES = "derives a key"

PASSWORDS = (
    Api("bcrypt.{hashpw,checkpw,kdf}", System.CPU, heavy=_PASSWORD),
    Api(
        "passlib.context.{CryptContext,LazyCryptContext}().{hash,verify,verify_and_update,encrypt,dummy_verify}",
        System.CPU,
        heavy=_PASSWORD,
    ),
    Api(
        "passlib.hash.{bcrypt,bcrypt_sha256,argon2,scrypt,pbkdf2_sha256,pbkdf2_sha512,sha256_crypt,sha512_crypt,"
        "django_pbkdf2_sha256}{,.using()}.{hash,verify,encrypt}",
        System.CPU,
        heavy=_PASSWORD,
    ),
    Api("argon2.PasswordHasher().{hash,verify}", System.CPU, heavy=_PASSWORD),
    Api(
        "argon2.low_level.{hash_secret,hash_secret_raw,verify_secret} argon2.{hash_password,verify_password}",
        System.CPU,
        heavy=_PASSWORD,
    ),
    Api("pwdlib.PasswordHash.recommended", System.CPU, returns="pwdlib.PasswordHash()"),
    Api(
        "pwdlib.PasswordHash().{hash,verify,verify_and_update} "
        "pwdlib.hashers.{argon2.Argon2Hasher,bcrypt.BcryptHasher}().{hash,verify}",
        System.CPU,
        heavy=_PASSWORD,
    ),
    Api("werkzeug.security.{generate_password_hash,check_password_hash}", System.CPU, heavy=_PASSWORD),
    Api("flask_bcrypt.{,Bcrypt().}{generate_password_hash,check_password_hash}", System.CPU, heavy=_PASSWORD),
    Api(
        "flask_security.{,utils.}{hash_password,verify_password,verify_and_update_password}",
        System.CPU,
        heavy=_PASSWORD,
    ),
    Api("django.contrib.auth.hashers.{make_password,check_password}", System.CPU, heavy=_PASSWORD),
    # These look the user up as well; the password takes the most of it.
    Api("django.contrib.auth.authenticate", System.DATABASE, heavy=_PASSWORD),
    Api(
        "django.contrib.auth.{models.User,get_user_model()}.objects.{create_user,create_superuser}",
        System.DATABASE,
        heavy=_PASSWORD,
    ),
    Api("nacl.pwhash.{,argon2id.,argon2i.,scrypt.}{str,verify}", System.CPU, heavy=_PASSWORD),
    Api("nacl.pwhash.{argon2id,argon2i,scrypt}.kdf nacl.pwhash.kdf_scryptsalsa208sha256", System.CPU, heavy=_DERIVES),
    Api("hashlib.{pbkdf2_hmac,scrypt} scrypt.{hash,encrypt,decrypt}", System.CPU, heavy=_DERIVES),
    Api(
        "cryptography.hazmat.primitives.kdf.{pbkdf2.PBKDF2HMAC,scrypt.Scrypt,argon2.Argon2id}().{derive,verify}",
        System.CPU,
        heavy=_DERIVES,
    ),
    Api("{Crypto,Cryptodome}.Protocol.KDF.{PBKDF2,scrypt,bcrypt,bcrypt_check}", System.CPU, heavy=_DERIVES),
)

KEYS = (
    Api("cryptography.hazmat.primitives.asymmetric.{rsa,dsa}.generate_private_key", System.CPU, heavy=_KEY),
    Api("cryptography.hazmat.primitives.asymmetric.{dsa,dh}.generate_parameters", System.CPU, heavy=_KEY, slow=_KEY),
    Api("{Crypto,Cryptodome}.PublicKey.{RSA,DSA,ElGamal}.generate rsa.newkeys", System.CPU, heavy=_KEY),
    Api("OpenSSL.crypto.PKey().generate_key", System.CPU, heavy=_KEY),
)

_PACKS = "packs an archive"
_UNPACKS = "unpacks an archive"

COMPRESSION = (
    Api("{gzip,bz2,lzma,zlib,brotli}.compress", System.CPU, heavy="compresses data"),
    Api("shutil.make_archive", System.FILE, heavy=_PACKS, slow=_PACKS),
    Api("shutil.unpack_archive", System.FILE, heavy=_UNPACKS, slow=_UNPACKS),
    # One member may be small; many of them, in a loop, are not.
    Api(
        "zipfile.ZipFile().{write,writestr} pyzipper.{ZipFile,AESZipFile}().{write,writestr}", System.FILE, heavy=_PACKS
    ),
    Api(
        "zipfile.ZipFile().extractall pyzipper.{ZipFile,AESZipFile}().extractall",
        System.FILE,
        heavy=_UNPACKS,
        slow=_UNPACKS,
    ),
    Api("tarfile.{open,TarFile.open}", System.FILE, returns="tarfile.TarFile()"),
    Api("tarfile.TarFile().add py7zr.SevenZipFile().{write,writeall}", System.FILE, heavy=_PACKS, slow=_PACKS),
    Api(
        "tarfile.TarFile().extractall py7zr.SevenZipFile().{extract,extractall} rarfile.RarFile().extractall",
        System.FILE,
        heavy=_UNPACKS,
        slow=_UNPACKS,
    ),
    Api("patoolib.extract_archive", System.PROCESS, blocks=True, slow=_UNPACKS),
    Api("patoolib.create_archive", System.PROCESS, blocks=True, slow=_PACKS),
)

_READS = "reads a data file"
_FRAMES = "processes a data frame"
_WRITES = "writes a data file"
_SHEET = "reads a spreadsheet"
_EXPORTS = "writes a spreadsheet"
_FRAME = "pandas.DataFrame()"

TABLES = (
    # pandas: methods on a frame that have no row give a frame again, so that chains stay known.
    Api("pandas.DataFrame", System.CPU, returns=_FRAME, fluent=True),
    Api(
        "pandas.read_{csv,table,fwf,json,html,xml,parquet,feather,orc,pickle,stata,sas,spss,hdf}",
        System.FILE,
        heavy=_READS,
        returns=_FRAME,
    ),
    Api("pandas.read_excel", System.FILE, heavy=_SHEET, slow=_SHEET, returns=_FRAME),
    Api("pandas.read_sql{,_query,_table}", System.DATABASE, blocks=True, returns=_FRAME),
    Api(
        "pandas.{concat,merge,pivot_table} pandas.DataFrame().{merge,groupby,apply,pivot_table}",
        System.CPU,
        heavy=_FRAMES,
        returns=_FRAME,
    ),
    Api("pandas.DataFrame().to_{csv,json,html,xml,parquet,feather,orc,pickle,stata,hdf}", System.FILE, heavy=_WRITES),
    Api("pandas.DataFrame().to_excel", System.FILE, heavy=_EXPORTS, slow=_EXPORTS),
    Api("pandas.ExcelWriter().{close,save}", System.FILE, heavy=_EXPORTS, slow=_EXPORTS),
    Api("pandas.DataFrame().to_sql", System.DATABASE, blocks=True, slow="loads a table into the database"),
    # polars: only `collect` works, what comes before it is a plan.
    Api("polars.read_{csv,parquet,json,ndjson,ipc,avro}", System.FILE, heavy=_READS, returns="polars.DataFrame()"),
    Api("polars.read_excel", System.FILE, heavy=_SHEET, slow=_SHEET, returns="polars.DataFrame()"),
    Api("polars.DataFrame", System.CPU, fluent=True),
    Api("polars.DataFrame().write_{csv,parquet,json,ndjson,ipc}", System.FILE, heavy=_WRITES),
    Api("polars.DataFrame().write_excel", System.FILE, heavy=_EXPORTS, slow=_EXPORTS),
    Api("polars.DataFrame().lazy polars.scan_{csv,parquet,ndjson,ipc}", System.CPU, returns="polars.LazyFrame()"),
    Api("polars.LazyFrame", System.CPU, fluent=True),
    Api("polars.LazyFrame().collect", System.CPU, heavy=_FRAMES, returns="polars.DataFrame()"),
    Api("polars.LazyFrame().sink_{csv,parquet,ndjson,ipc}", System.FILE, heavy=_WRITES),
    # Dask, the same way
    Api("dask.dataframe.read_{csv,parquet,json}", System.CPU, returns="dask.dataframe.DataFrame()"),
    Api("dask.dataframe.{DataFrame,from_pandas}", System.CPU, returns="dask.dataframe.DataFrame()", fluent=True),
    Api("dask.dataframe.DataFrame().{compute,persist} dask.compute", System.CPU, heavy=_FRAMES, slow=_FRAMES),
    # Arrow, geodata, arrays
    Api(
        "pyarrow.parquet.{read_table,read_pandas} pyarrow.csv.read_csv pyarrow.feather.read_table",
        System.FILE,
        heavy=_READS,
    ),
    Api("pyarrow.parquet.write_table pyarrow.csv.write_csv pyarrow.feather.write_feather", System.FILE, heavy=_WRITES),
    Api("geopandas.read_{file,parquet,feather} xarray.{open_dataset,load_dataset}", System.FILE, heavy=_READS),
    # Text is slow to parse; `load`, `save` and linear algebra depend on a size that nobody sees.
    Api("numpy.{loadtxt,genfromtxt}", System.FILE, heavy=_READS),
    Api("numpy.{savetxt,savez_compressed}", System.FILE, heavy=_WRITES),
    # Excel
    Api(
        "openpyxl.{,reader.excel.}load_workbook",
        System.FILE,
        heavy=_SHEET,
        slow=_SHEET,
        returns="openpyxl.Workbook()",
    ),
    Api("xlrd.open_workbook", System.FILE, heavy=_SHEET, slow=_SHEET),
    Api("openpyxl.workbook.{,workbook.}Workbook", System.FILE, returns="openpyxl.Workbook()"),
    Api(
        "openpyxl.Workbook().save xlwt.Workbook().save",
        System.FILE,
        heavy=_EXPORTS,
        slow=_EXPORTS,
    ),
    Api("xlsxwriter.{,workbook.}Workbook().close", System.FILE, heavy=_EXPORTS, slow=_EXPORTS),
)

_SOLVES = "solves an optimisation problem"
_GRAPH = "works through a graph"

SOLVERS = (
    Api(
        "scipy.optimize.{minimize,differential_evolution,dual_annealing,basinhopping,milp}",
        System.CPU,
        heavy=_SOLVES,
    ),
    Api(
        "ortools.sat.python.cp_model.CpSolver().{Solve,solve} pulp.LpProblem().solve",
        System.CPU,
        heavy=_SOLVES,
        slow=_SOLVES,
    ),
    Api("z3.{Solver,Optimize}().check sympy.{solve,integrate,simplify}", System.CPU, heavy="solves equations"),
    Api(
        "networkx.{betweenness_centrality,closeness_centrality,spring_layout,kamada_kawai_layout,floyd_warshall,"
        "average_shortest_path_length,diameter}",
        System.CPU,
        heavy=_GRAPH,
    ),
    Api("difflib.HtmlDiff().{make_file,make_table}", System.CPU, heavy="compares texts"),
    Api(
        "papermill.{,execute.}execute_notebook nbconvert.preprocessors.ExecutePreprocessor().preprocess",
        System.PROCESS,
        blocks=True,
        slow="runs a notebook",
    ),
)

_TRAINS = "trains a model"
_RUNS = "runs a model"
_ESTIMATORS = (
    "sklearn.{ensemble.RandomForestClassifier,ensemble.RandomForestRegressor,ensemble.GradientBoostingClassifier,"
    "ensemble.GradientBoostingRegressor,ensemble.HistGradientBoostingClassifier,ensemble.HistGradientBoostingRegressor,"
    "linear_model.LogisticRegression,svm.SVC,svm.SVR,neighbors.KNeighborsClassifier,neighbors.KNeighborsRegressor,"
    "neural_network.MLPClassifier,neural_network.MLPRegressor,model_selection.GridSearchCV,"
    "model_selection.RandomizedSearchCV,pipeline.Pipeline,pipeline.make_pipeline} "
    "xgboost.{XGBClassifier,XGBRegressor,XGBRanker} lightgbm.{LGBMClassifier,LGBMRegressor,LGBMRanker} "
    "catboost.{CatBoost,CatBoostClassifier,CatBoostRegressor}"
)
_CLUSTERERS = (
    "sklearn.cluster.{KMeans,MiniBatchKMeans,DBSCAN,HDBSCAN,AgglomerativeClustering,SpectralClustering} "
    "sklearn.{ensemble.IsolationForest,svm.OneClassSVM,neighbors.LocalOutlierFactor} hdbscan.HDBSCAN"
)
_REDUCERS = "sklearn.manifold.TSNE sklearn.decomposition.{LatentDirichletAllocation,NMF} umap.UMAP"
_KERAS = (
    "{tensorflow.keras,keras}.{Sequential,Model,models.Sequential,models.Model,models.load_model,saving.load_model}()"
)


def _each(classes: str, methods: str) -> str:
    return " ".join(f"{each}().{methods}" for each in classes.split())


LEARNING = (
    Api(_each(_ESTIMATORS, "fit"), System.CPU, heavy=_TRAINS, slow=_TRAINS),
    Api(_each(_CLUSTERERS, "{fit,fit_predict}"), System.CPU, heavy=_TRAINS, slow=_TRAINS),
    Api(_each(_REDUCERS, "{fit,fit_transform}"), System.CPU, heavy=_TRAINS, slow=_TRAINS),
    Api(
        "sklearn.model_selection.{cross_val_score,cross_validate,cross_val_predict}",
        System.CPU,
        heavy=_TRAINS,
        slow=_TRAINS,
    ),
    Api("{xgboost,lightgbm}.{train,cv}", System.CPU, heavy=_TRAINS, slow=_TRAINS),
    Api("prophet.{,forecaster.}Prophet().{fit,predict}", System.CPU, heavy=_TRAINS, slow=_TRAINS),
    Api(
        "statsmodels.tsa.{api,arima.model,statespace.sarimax}.{ARIMA,SARIMAX}().fit pmdarima.auto_arima",
        System.CPU,
        heavy=_TRAINS,
        slow=_TRAINS,
    ),
    Api(_KERAS + ".{fit,train_on_batch}", System.CPU, heavy=_TRAINS, slow=_TRAINS),
    Api("torch.optim.{SGD,Adam,AdamW,RMSprop,Adagrad,LBFGS}().step", System.CPU, heavy=_TRAINS, slow=_TRAINS),
    Api(
        "{pytorch_lightning,lightning,lightning.pytorch}.Trainer().{fit,test,predict} transformers.Trainer().train",
        System.CPU,
        heavy=_TRAINS,
        slow=_TRAINS,
    ),
    # Inference: tens of milliseconds, more on a processor without an accelerator.
    Api(_KERAS + ".{predict,evaluate,predict_on_batch}", System.CPU, heavy=_RUNS),
    Api("joblib.load().{predict,predict_proba,decision_function}", System.CPU, heavy=_RUNS),
    Api("onnxruntime.InferenceSession().run", System.CPU, heavy=_RUNS),
    Api("face_recognition.{face_locations,face_encodings,face_landmarks}", System.CPU, heavy=_RUNS, slow=_RUNS),
    Api("deepface.DeepFace.{verify,analyze,find,represent}", System.CPU, heavy=_RUNS, slow=_RUNS),
    Api("rembg.{,bg.}remove", System.CPU, heavy=_RUNS, slow=_RUNS),
    Api("ultralytics.YOLO() ultralytics.YOLO().{predict,track}", System.CPU, heavy=_RUNS, slow=_RUNS),
    Api("ultralytics.YOLO().{train,val}", System.CPU, heavy=_TRAINS, slow=_TRAINS),
)

_CLONES = "clones a repository"
_TRANSFERS = "transfers a repository"

REPOSITORIES = (
    Api("git.repo.Repo", System.PROCESS, returns="git.Repo()"),
    Api("git.{,repo.}Repo.clone_from", System.PROCESS, blocks=True, slow=_CLONES, returns="git.Repo()"),
    Api("git.{,repo.}Repo.init", System.PROCESS, blocks=True, returns="git.Repo()"),
    Api("git.Repo().remote git.Repo().create_remote", System.PROCESS, returns="git.Remote()"),
    Api(
        "git.Remote().{fetch,pull,push} git.Repo().remotes.{origin,upstream}.{fetch,pull,push} "
        "git.Repo().remotes[].{fetch,pull,push}",
        System.PROCESS,
        blocks=True,
        deadline=Deadline(("kill_after_timeout",)),
        slow=_TRANSFERS,
    ),
    Api(
        "git.Repo().git.{clone,fetch,pull,push} git.Repo().git.submodule", System.PROCESS, blocks=True, slow=_TRANSFERS
    ),
    Api("git.Repo().git.*", System.PROCESS, blocks=True),
    Api("pygit2.clone_repository dulwich.porcelain.clone", System.SOCKET, blocks=True, slow=_CLONES),
    Api("dulwich.porcelain.{fetch,pull,push}", System.SOCKET, blocks=True, slow=_TRANSFERS),
)

#: Methods that send a task to a queue, and those of what they give that wait for its result (Celery, Huey, Dramatiq).
TASK_SENDS = frozenset({"delay", "apply_async", "send_task"})
TASK_WAITS = frozenset({"get", "wait", "get_result"})

#: Calls that end a child process: waiting for it afterwards takes no time worth a word.
ENDS_PROCESS = frozenset({"kill", "terminate", "killpg", "send_signal"})

#: Arguments that bound how much a language model writes.  A few words, as a test of a key asks for, take no time.
LENGTH_LIMITS = ("max_tokens", "max_completion_tokens", "max_output_tokens", "max_new_tokens")
FEW_TOKENS = 50

ROWS: tuple[Api, ...] = (
    *PASSWORDS,
    *KEYS,
    *COMPRESSION,
    *TABLES,
    *SOLVERS,
    *LEARNING,
    *REPOSITORIES,
)
