"""How sockets, remote procedures, query languages and interfaces learn of the functions that serve their callers."""

from __future__ import annotations

import re

from flake8_scalability.catalog.rows import Entry, Listing, Place, Signature

_SOCKET_HANDLERS = (
    # Socket.IO (https://flask-socketio.readthedocs.io/, https://python-socketio.readthedocs.io/)
    Entry("socketio", Place.WORKER, decorators="socketio.{Client,AsyncClient}().{on,event}"),
    Entry("socketio", Place.REQUEST, decorators="flask_socketio.SocketIO().{on,event,on_error,on_error_default}"),
    Entry("socketio", Place.REQUEST, decorators="socketio.{Server,AsyncServer}().{on,event}"),
    Entry(
        "socketio",
        Place.REQUEST,
        decorators="sio.{on,event,on_error,on_error_default}",
        by_name=True,
        receivers="socketio socket_io sio",
    ),
    Entry(
        "socketio",
        Place.REQUEST,
        calls="flask_socketio.SocketIO().on_event socketio.{Server,AsyncServer}().on",
        argument=1,
        keyword="handler",
    ),
    Entry("socketio", Place.REQUEST, calls="socketio.on_event", argument=1, keyword="handler", by_name=True),
    Entry(
        "socketio",
        Place.REQUEST,
        bases="flask_socketio.Namespace socketio.{Namespace,AsyncNamespace} Namespace AsyncNamespace",
        methods="on_* trigger_event",
        by_name=True,
        imports="flask_socketio socketio",
        per_call=False,
    ),
    # Django Channels (https://channels.readthedocs.io/en/stable/topics/consumers.html)
    Entry(
        "channels",
        Place.REQUEST,
        bases="channels.generic.websocket.{,Async}{Websocket,JsonWebsocket}Consumer "
        "channels.generic.http.AsyncHttpConsumer channels.consumer.{Async,Sync}Consumer "
        "WebsocketConsumer AsyncWebsocketConsumer JsonWebsocketConsumer AsyncJsonWebsocketConsumer "
        "AsyncHttpConsumer",
        by_name=True,
    ),
    # https://websockets.readthedocs.io/, https://docs.python.org/3/library/asyncio-stream.html
    Entry(
        "websockets",
        Place.REQUEST,
        calls="websockets.{,server.,asyncio.server.,sync.server.,legacy.server.}{serve,unix_serve} "
        "asyncio.{start_server,start_unix_server} trio_websocket.serve_websocket",
        argument=0,
        keyword="handler",
    ),
    Entry(
        "asyncio",
        Place.REQUEST,
        bases="asyncio.{Protocol,BufferedProtocol,DatagramProtocol,SubprocessProtocol}",
        methods="connection_made data_received datagram_received connection_lost eof_received buffer_updated",
    ),
    Entry(
        "socketserver",
        Place.REQUEST,
        bases="socketserver.{BaseRequestHandler,StreamRequestHandler,DatagramRequestHandler}",
        methods="handle setup finish",
    ),
    Entry(
        "twisted",
        Place.REQUEST,
        bases="twisted.internet.protocol.{Protocol,DatagramProtocol} twisted.protocols.basic.{LineReceiver,"
        "LineOnlyReceiver,Int32StringReceiver,NetstringReceiver} "
        "autobahn.{twisted,asyncio}.websocket.WebSocketServerProtocol "
        "autobahn.{twisted,asyncio}.wamp.ApplicationSession",
        methods="dataReceived datagramReceived lineReceived stringReceived connectionMade connectionLost onMessage "
        "onConnect onOpen onClose onJoin onLeave",
    ),
)

_PROCEDURES = (
    # gRPC (https://grpc.io/docs/languages/python/basics/): the bases are generated, and known by how their names end
    Entry(
        "grpc",
        Place.REQUEST,
        bases="grpc.{,aio.}ServerInterceptor grpc_interceptor.{,server.}{ServerInterceptor,AsyncServerInterceptor}",
        methods="intercept_service intercept",
        per_call=False,
    ),
    # https://docs.nameko.io/
    Entry("nameko", Place.REQUEST, decorators="nameko.{rpc,web.handlers}.{rpc,http} nameko.web.websocket.rpc",
          by_name=True, imports="nameko"),
    Entry("nameko", Place.REQUEST, decorators="nameko_grpc.entrypoint.Grpc.implementing().{unary_unary,unary_stream,"
          "stream_unary,stream_stream}"),
    Entry("nameko", Place.WORKER, decorators="nameko.events.event_handler nameko.messaging.consume nameko.timer.timer",
          by_name=True, imports="nameko"),
    Entry("nameko", Place.STARTUP, decorators="nameko.extensions.once nameko.constants.once"),
    # https://rpyc.readthedocs.io/, https://pyro5.readthedocs.io/
    Entry("rpyc", Place.REQUEST, bases="rpyc.{,core.,core.service.}Service",
          methods="exposed_* on_connect on_disconnect"),
    Entry("rpyc", Place.REQUEST, decorators="rpyc.exposed"),
    Entry("pyro", Place.REQUEST, decorators="Pyro5.{api,server}.expose Pyro4.expose Pyro5.api.oneway"),
    Entry(
        "xmlrpc",
        Place.REQUEST,
        calls="xmlrpc.server.{SimpleXMLRPCServer,DocXMLRPCServer,SimpleXMLRPCDispatcher}().register_function",
        argument=0,
        keyword="function",
    ),
    Entry("jsonrpc", Place.REQUEST, decorators="jsonrpcserver.method fastapi_jsonrpc.Entrypoint().method"),
    # Tools that a language model's host calls (https://modelcontextprotocol.io/)
    Entry(
        "mcp",
        Place.REQUEST,
        decorators="{fastmcp,fastmcp.server,mcp.server,mcp.server.fastmcp}.FastMCP()."
        "{tool,resource,prompt,custom_route} "
        "mcp.server.{,lowlevel.}Server().{call_tool,list_tools,read_resource,list_resources,list_resource_templates,"
        "list_prompts,get_prompt,subscribe_resource,completion,set_logging_level}",
    ),
    Entry(
        "mcp",
        Place.REQUEST,
        decorators="mcp.{tool,resource,prompt,custom_route}",
        by_name=True,
        imports="mcp fastmcp",
        receivers="mcp mcp_server mcp_app",
    ),
    Entry(
        "mcp",
        Place.REQUEST,
        decorators="server.{call_tool,list_tools,read_resource,list_resources,list_prompts,get_prompt}",
        by_name=True,
        imports="mcp",
    ),
    Entry("mcp", Place.REQUEST, calls="mcp.{add_tool,add_resource_fn,add_prompt}", argument=0, keyword="fn",
          by_name=True, imports="mcp fastmcp"),
)  # fmt: skip

#: Resolvers (https://docs.graphene-python.org/, https://strawberry.rocks/docs, https://ariadnegraphql.org/docs/)
_QUERY_LANGUAGE = (
    Entry(
        "graphene",
        Place.REQUEST,
        bases="graphene.{,types.,types.objecttype.,types.mutation.,types.interface.,relay.}{ObjectType,Mutation,"
        "Interface,ClientIDMutation} graphene.relay.mutation.ClientIDMutation "
        "graphene_django.{,types.}DjangoObjectType graphene_sqlalchemy.{,types.}SQLAlchemyObjectType "
        "graphene_django.forms.mutation.{DjangoFormMutation,DjangoModelFormMutation} "
        "graphene_django.rest_framework.mutation.SerializerMutation "
        "DjangoObjectType SQLAlchemyObjectType",
        methods="resolve_* mutate mutate_and_get_payload get_queryset get_node perform_mutate get_form_kwargs "
        "get_serializer_kwargs",
        by_name=True,
        imports="graphene graphene_django graphene_sqlalchemy",
    ),
    Entry(
        "graphql",
        Place.REQUEST,
        bases="promise.dataloader.DataLoader aiodataloader.DataLoader DataLoader",
        methods="batch_load_fn batch_load",
        by_name=True,
    ),
    Entry("graphql", Place.REQUEST, calls="strawberry.dataloader.DataLoader", argument=0, keyword="load_fn"),
    Entry("graphql", Place.REQUEST, calls="aiodataloader.DataLoader", argument=0, keyword="batch_load_fn"),
    Entry(
        "strawberry",
        Place.REQUEST,
        decorators="strawberry.{,django.,federation.,relay.,types.field.}{field,mutation,subscription,connection,node} "
        "strawberry_django.{field,mutation,connection,auth.login} strawberry_django_plus.gql.{field,mutation,"
        "django.field,django.mutation}",
    ),
    Entry(
        "strawberry",
        Place.REQUEST,
        calls="strawberry.{,django.,federation.}{field,mutation,subscription}",
        keyword="resolver",
    ),
    Entry(
        "strawberry",
        Place.REQUEST,
        bases="strawberry.{,permission.}BasePermission strawberry.extensions."
        "{SchemaExtension,FieldExtension,Extension}",
        methods="has_permission on_operation on_execute on_request_start on_request_end resolve resolve_async",
        per_call=False,
    ),
    Entry(
        "ariadne",
        Place.REQUEST,
        decorators="ariadne.{,objects.}{QueryType,MutationType,ObjectType,SubscriptionType}().{field,source} "
        "ariadne.{UnionType,InterfaceType}().{type_resolver,field} ariadne.ScalarType().{serializer,value_parser,"
        "literal_parser}",
    ),
    Entry(
        "ariadne",
        Place.REQUEST,
        decorators="query.{field,source,type_resolver}",
        by_name=True,
        imports="ariadne",
    ),
    Entry(
        "ariadne",
        Place.REQUEST,
        calls="query.{set_field,set_source}",
        argument=1,
        keyword="resolver",
        by_name=True,
    ),
    Entry("tartiflette", Place.REQUEST, decorators="tartiflette.{Resolver,Subscription,TypeResolver}"),
)

_INTERFACES = (
    # https://www.gradio.app/docs/gradio/blocks
    Entry(
        "gradio",
        Place.REQUEST,
        calls="button.{click,submit,change,upload,clear,input,select,release,then,success,failure,load,unload,tick,edit,"
        "like,stop,blur,focus,stream,start_recording,stop_recording,double_click,retry,undo,example_select}",
        argument=0,
        keyword="fn",
        by_name=True,
        imports="gradio",
    ),
    Entry("gradio", Place.REQUEST, calls="gradio.{Interface,ChatInterface,Examples}", argument=0, keyword="fn"),
    Entry("gradio", Place.REQUEST, decorators="gradio.{on,render}"),
    Entry("nicegui", Place.REQUEST, decorators="nicegui.{,ui.}page"),
)

ENTRIES = (*_SOCKET_HANDLERS, *_PROCEDURES, *_QUERY_LANGUAGE, *_INTERFACES)

LISTINGS = (
    Listing("streamlit", Place.REQUEST, names="on_click on_change on_submit on_select", imports="streamlit"),
    Listing("nicegui", Place.REQUEST, names="on_click on_change on_value_change on_upload", imports="nicegui"),
    Listing("gradio", Place.REQUEST, names="fn", imports="gradio"),
    Listing("graphene", Place.REQUEST, names="resolver", imports="graphene strawberry"),
)

SIGNATURES: tuple[Signature, ...] = ()

#: Methods of generated servicers, and how their names end.
SERVICER = Entry("grpc", Place.REQUEST)
SERVICER_SUFFIX = "Servicer"
#: Calls that hand an object of such a class to a server, and the names of the last parameter of its procedures.
SERVICER_CALLS = re.compile(r"^add_\w*Servicer_to_server$")
CONTEXT = re.compile(r"^_*(\w*context|ctx|)$")

#: Resolvers of Graphene, which have a parameter called `info`.
GRAPHENE_METHODS = frozenset({"mutate", "mutate_and_get_payload", "perform_mutation", "get_node"})
GRAPHENE_PREFIX = "resolve_"
