"""Clients of a protocol or of infrastructure: gRPC, SOAP, XML-RPC, GraphQL, Docker, Kubernetes, Vault, Consul, etcd.

Sources: grpc.github.io/grpc/python, docs.python-zeep.org, suds-py3.readthedocs.io, gql.readthedocs.io,
docker-py.readthedocs.io, github.com/kubernetes-client/python, python-hvac.org, python-etcd3.readthedocs.io,
kazoo.readthedocs.io, rpyc.readthedocs.io, pyro5.readthedocs.io, dbus.freedesktop.org/doc/dbus-python.
"""

from __future__ import annotations

from flake8_scalability.catalog.rows import Api, Deadline, Effect, Resource, System

_KEYWORD = Deadline()
_SANE = Deadline(sane=True)

GRPC = (
    Api("grpc.{,aio.}{insecure_channel,secure_channel}", System.RPC, makes=Resource.SERVICE_CLIENT),
    Api("grpc.intercept_channel", System.RPC, returns="grpc.insecure_channel()"),
    Api("grpc.channel_ready_future().result", System.RPC, blocks=True, deadline=Deadline(position=0)),
    # A method of a channel makes a callable; stubs are generated code, whose methods are such callables.
    Api(
        "grpc.{insecure_channel,secure_channel}().{unary_unary,stream_unary}()",
        System.RPC,
        effect=Effect.WRITE,
        blocks=True,
        deadline=Deadline(position=1),
    ),
    # Generated modules all go by one name; `drop_ins` gives it to them.
    Api("pb2_grpc.*", System.RPC, returns="grpc.Stub()"),
    Api("grpc.Stub().*", System.RPC, deadline=Deadline(position=1)),
    Api("grpclib.client.Channel", System.RPC, makes=Resource.SERVICE_CLIENT),
)

_WSDL = Deadline(
    ("operation_timeout",),
    nested=("transport",),
    nested_position=2,
    advice="pass transport=Transport(operation_timeout=10)",
)

SOAP = (
    # 300 s for the documents, nothing for the operations.  The constructors fetch the documents.
    Api(
        "zeep.{,client.}{Client,CachingClient}",
        System.RPC,
        makes=Resource.SERVICE_CLIENT,
        blocks=True,
        deadline=_WSDL,
        returns="zeep.Client()",
    ),
    Api("zeep.{,client.}AsyncClient", System.RPC, makes=Resource.SERVICE_CLIENT, blocks=True, deadline=_WSDL),
    Api("zeep.{,transports.}Transport", System.RPC, deadline=Deadline(("operation_timeout",), position=2)),
    Api("zeep.{,transports.}AsyncTransport", System.RPC, deadline=Deadline(("operation_timeout",), position=4)),
    Api("zeep.Client().{service,bind(),create_service()}.*", System.RPC, effect=Effect.WRITE, blocks=True),
    Api("zeep.AsyncClient().service.*", System.RPC, effect=Effect.WRITE),
    # 90 s
    Api("suds.client.Client", System.RPC, makes=Resource.SERVICE_CLIENT, blocks=True, deadline=_SANE),
    Api("suds.client.Client().service.*", System.RPC, effect=Effect.WRITE, blocks=True),
)

REMOTE_CALLS = (
    # Only a transport of one's own can bound these.
    Api(
        "xmlrpc.client.{ServerProxy,Server} xmlrpclib.{ServerProxy,Server} six.moves.xmlrpc_client.ServerProxy",
        System.RPC,
        makes=Resource.SERVICE_CLIENT,
        deadline=Deadline(("transport",), position=1, advice="pass a transport that sets one"),
        returns="xmlrpc.client.ServerProxy()",
    ),
    Api("xmlrpc.client.ServerProxy().*", System.RPC, effect=Effect.WRITE, blocks=True),
    # 30 s for a request
    Api("rpyc.{connect,ssl_connect}", System.RPC, makes=Resource.SERVICE_CLIENT, blocks=True),
    Api("rpyc.utils.factory.{connect,ssl_connect}", System.RPC, makes=Resource.SERVICE_CLIENT, blocks=True),
    Api("{Pyro4,Pyro5.api,Pyro5.client}.Proxy", System.RPC, makes=Resource.SERVICE_CLIENT),
    Api("{Pyro4,Pyro5.api,Pyro5.client}.Proxy().*", System.RPC, effect=Effect.WRITE, blocks=True),
    Api("zerorpc.Client", System.RPC, makes=Resource.SERVICE_CLIENT, deadline=_SANE),
    # 25 s for a method, and one connection to each bus.
    Api("dbus.Interface().*", System.RPC, blocks=True, deadline=_SANE),
    # GraphQL
    Api("gql.transport.requests.RequestsHTTPTransport", System.HTTP, deadline=Deadline(position=5)),
    Api("gql.{,client.}Client().execute", System.HTTP, blocks=True),
    Api("sgqlc.endpoint.{http.HTTPEndpoint,requests.RequestsEndpoint}", System.HTTP, deadline=Deadline(position=2)),
    Api("sgqlc.endpoint.{http.HTTPEndpoint,requests.RequestsEndpoint}()", System.HTTP, blocks=True),
    Api(
        "python_graphql_client.GraphqlClient().execute",
        System.HTTP,
        blocks=True,
        deadline=Deadline(client=("timeout",)),
    ),
)

_CONTAINER = "docker.DockerClient().containers.{run,get,create}()"

DOCKER = (
    # 60 s for an answer, but none for a container to end and for an image to be built.
    Api("docker.DockerClient", System.PROCESS, makes=Resource.SERVICE_CLIENT, deadline=_SANE),
    Api(
        "docker.{from_env,client.from_env,client.DockerClient,DockerClient.from_env,client.DockerClient.from_env,Client}",
        System.PROCESS,
        makes=Resource.SERVICE_CLIENT,
        deadline=_SANE,
        returns="docker.DockerClient()",
    ),
    Api("docker.{,api.,api.client.}APIClient", System.PROCESS, makes=Resource.SERVICE_CLIENT, deadline=_SANE),
    Api(
        "docker.DockerClient().{ping,info,version,df,login} "
        "docker.DockerClient().{containers,images,networks,volumes,services}.{list,get,create,prune} "
        "docker.DockerClient().images.remove",
        System.PROCESS,
        blocks=True,
    ),
    Api(
        "docker.DockerClient().containers.run",
        System.PROCESS,
        blocks=True,
        slow="runs a container",
        quick=(("detach", True),),
    ),
    Api("docker.DockerClient().images.build", System.PROCESS, blocks=True, slow="builds a container image"),
    Api("docker.DockerClient().images.{pull,push}", System.PROCESS, blocks=True, slow="transfers a container image"),
    Api(_CONTAINER + ".wait", System.PROCESS, blocks=True, deadline=_KEYWORD, slow="waits for a container"),
    Api(
        _CONTAINER + ".{exec_run,stop,start,kill,restart,remove,reload,stats,commit,get_archive,put_archive}",
        System.PROCESS,
        blocks=True,
    ),
    Api("aiodocker.Docker", System.PROCESS, makes=Resource.SERVICE_CLIENT),
)

_GROUPS = (
    "{CoreV1Api,AppsV1Api,BatchV1Api,CustomObjectsApi,NetworkingV1Api,RbacAuthorizationV1Api,AutoscalingV1Api,"
    "AutoscalingV2Api,PolicyV1Api,StorageV1Api,CoordinationV1Api,ApiextensionsV1Api,EventsV1Api,AuthenticationV1Api,"
    "AuthorizationV1Api,VersionApi}"
)

KUBERNETES = (
    # Each of the groups makes connections of its own unless it is handed an ApiClient.
    Api("kubernetes.client." + _GROUPS, System.RPC, makes=Resource.SERVICE_CLIENT, shared_by=("api_client:0",)),
    Api(
        "{kubernetes,kubernetes_asyncio}.client.{,api_client.}ApiClient "
        "{kubernetes,kubernetes_asyncio}.config.{new_client_from_config,new_client_from_config_dict}",
        System.RPC,
        makes=Resource.SERVICE_CLIENT,
    ),
    Api(f"kubernetes.client.{_GROUPS}().*", System.RPC, blocks=True, deadline=Deadline(("_request_timeout",))),
    # It asks the server for all that it serves.
    Api(
        "kubernetes.dynamic.DynamicClient openshift.dynamic.DynamicClient",
        System.RPC,
        makes=Resource.SERVICE_CLIENT,
        blocks=True,
    ),
    Api(
        "kubernetes.dynamic.DynamicClient().resources.get().{get,create,patch,replace,delete,apply}",
        System.RPC,
        blocks=True,
        deadline=Deadline(("_request_timeout",)),
    ),
    Api("kubernetes.stream.stream", System.RPC, blocks=True),
    Api("pykube.HTTPClient", System.RPC, makes=Resource.SERVICE_CLIENT),
    Api("lightkube.Client", System.RPC, makes=Resource.SERVICE_CLIENT),
    Api("lightkube.Client().{get,list,create,patch,replace,apply,delete,wait}", System.RPC, blocks=True),
)

COORDINATION = (
    # Vault: 30 s
    Api("hvac.{,v1.}Client", System.HTTP, makes=Resource.SERVICE_CLIENT, deadline=Deadline(position=4, sane=True)),
    Api(
        "hvac.{,v1.}Client().{read,list} hvac.{,v1.}Client().secrets.kv.{read_secret,v1.read_secret,v2.read_secret,"
        "v2.read_secret_version,v2.list_secrets}",
        System.HTTP,
        effect=Effect.READ,
        blocks=True,
    ),
    Api(
        "hvac.{,v1.}Client().{write,write_data} hvac.{,v1.}Client().secrets.kv.{v1,v2}.create_or_update_secret "
        "hvac.{,v1.}Client().auth.{approle,kubernetes,aws,ldap,userpass}.login",
        System.HTTP,
        effect=Effect.WRITE,
        blocks=True,
    ),
    # Consul's clients take no timeout at all.
    Api("consul.{,std.}Consul", System.HTTP, makes=Resource.SERVICE_CLIENT),
    Api(
        "consul.{,std.}Consul().{kv.get,health.service,catalog.service,catalog.services,catalog.nodes,agent.services}",
        System.HTTP,
        effect=Effect.READ,
        blocks=True,
    ),
    Api(
        "consul.{,std.}Consul().{kv.put,kv.delete,agent.service.register,agent.service.deregister,session.create}",
        System.HTTP,
        effect=Effect.WRITE,
        blocks=True,
    ),
    # etcd
    Api(
        "etcd3.{client,client.client,Etcd3Client,client.Etcd3Client}",
        System.RPC,
        makes=Resource.SERVICE_CLIENT,
        deadline=Deadline(position=5),
        returns="etcd3.client()",
    ),
    Api("etcd3.client().{get,get_prefix,get_all,status}", System.RPC, effect=Effect.READ, blocks=True),
    Api("etcd3.client().{put,delete,delete_prefix,transaction,lease}", System.RPC, effect=Effect.WRITE, blocks=True),
    # ZooKeeper: 15 s to start, and commands end with the session
    Api("kazoo.client.KazooClient", System.RPC, makes=Resource.SERVICE_CLIENT),
    Api("kazoo.client.KazooClient().start", System.RPC, blocks=True, deadline=Deadline(position=0, sane=True)),
    Api("kazoo.client.KazooClient().{get,get_children,exists,create,ensure_path,set,delete}", System.RPC, blocks=True),
    Api(
        "kazoo.client.KazooClient().Lock().acquire",
        System.SYNC,
        blocks=True,
        deadline=Deadline(position=1, blocking="blocking", blocking_position=0),
    ),
)

ROWS: tuple[Api, ...] = (*GRPC, *SOAP, *REMOTE_CALLS, *DOCKER, *KUBERNETES, *COORDINATION)
