"""How sockets, bots, remote procedures and query languages learn of the functions that serve their callers."""

from __future__ import annotations

from flake8_scalability.catalog.rows import Entry, Place

ENTRIES = (
    # Socket.IO (https://flask-socketio.readthedocs.io/, https://python-socketio.readthedocs.io/)
    Entry("socketio", Place.REQUEST, decorators="flask_socketio.SocketIO().{on,event,on_error,on_error_default}"),
    Entry(
        "socketio",
        Place.REQUEST,
        decorators="socketio.{Server,AsyncServer}().{on,event} socketio.on sio.on sio.event",
    ),
    Entry("telegram", Place.REQUEST, calls="application.add_error_handler", argument=0, by_name=True),
    Entry("telegram", Place.STARTUP, calls="builder.{post_init,post_shutdown,post_stop}", argument=0, by_name=True),
    # Django Channels (https://channels.readthedocs.io/en/stable/topics/consumers.html)
    Entry(
        "channels",
        Place.REQUEST,
        bases="channels.generic.websocket.{,Async}{Websocket,JsonWebsocket}Consumer "
        "channels.generic.http.AsyncHttpConsumer channels.consumer.{Async,Sync}Consumer "
        "WebsocketConsumer AsyncWebsocketConsumer JsonWebsocketConsumer AsyncJsonWebsocketConsumer",
        by_name=True,
    ),
    # gRPC (https://grpc.io/docs/languages/python/basics/): the bases are generated, and known by how their names end
    # Telegram bots (https://docs.python-telegram-bot.org/, https://docs.aiogram.dev/)
    Entry(
        "telegram",
        Place.REQUEST,
        calls="telegram.ext.{CommandHandler,MessageHandler,PrefixHandler,StringCommandHandler,TypeHandler}",
        argument=1,
        keyword="callback",
    ),
    Entry(
        "telegram",
        Place.REQUEST,
        calls="telegram.ext.{CallbackQueryHandler,InlineQueryHandler,ChosenInlineResultHandler,ChatMemberHandler,"
        "PreCheckoutQueryHandler,ShippingQueryHandler,PollAnswerHandler,PollHandler}",
        argument=0,
        keyword="callback",
    ),
    Entry(
        "aiogram",
        Place.REQUEST,
        decorators="aiogram.{Router,Dispatcher,dispatcher.Dispatcher}().{message,edited_message,callback_query,inline_query,"
        "chosen_inline_result,pre_checkout_query,channel_post,my_chat_member,message_handler,callback_query_handler,"
        "inline_handler,errors_handler}",
    ),
    Entry(
        "aiogram",
        Place.REQUEST,
        decorators="dp.{message_handler,callback_query_handler,inline_handler,errors_handler,callback_query}",
        by_name=True,
    ),
    Entry(
        "telebot",
        Place.REQUEST,
        decorators="telebot.{,async_telebot.}{TeleBot,AsyncTeleBot}().{message_handler,"
        "callback_query_handler,inline_handler,channel_post_handler,pre_checkout_query_handler}",
    ),
    # Discord and Slack bots (https://discordpy.readthedocs.io/, https://docs.slack.dev/tools/bolt-python/)
    Entry(
        "discord",
        Place.REQUEST,
        decorators="discord.{Client,Bot,ext.commands.Bot,ext.commands.AutoShardedBot}().{event,command,slash_command,"
        "hybrid_command,tree.command} discord.ext.commands.{command,hybrid_command,group,Cog.listener} "
        "discord.app_commands.{command,CommandTree().command,context_menu} discord.slash_command "
        "discord.ui.{button,select}",
    ),
    Entry(
        "slack",
        Place.REQUEST,
        decorators="slack_bolt.{,app.,async_app.,app.async_app.}{App,AsyncApp}().{event,message,command,action,view,shortcut,"
        "options,function,middleware}",
    ),
    # Tools that a language model's host calls (https://modelcontextprotocol.io/)
    Entry(
        "mcp",
        Place.REQUEST,
        decorators="{fastmcp,mcp.server.fastmcp}.FastMCP().{tool,resource,prompt} "
        "mcp.server.{,lowlevel.}Server().{call_tool,list_tools,read_resource,list_resources,get_prompt} mcp.tool",
    ),
    # GraphQL (https://strawberry.rocks/docs, https://docs.graphene-python.org/)
    Entry(
        "strawberry",
        Place.REQUEST,
        decorators="strawberry.{,django.}{field,mutation,subscription} strawberry_django.{field,mutation}",
    ),
    Entry("ariadne", Place.REQUEST, decorators="ariadne.{QueryType,MutationType,ObjectType}().field"),
)

#: Receivers whose `on` and `event` register handlers of events, where they come from elsewhere in the project.
SOCKETS = frozenset({"socketio", "socket_io", "sio"})
SOCKET_EVENT = Entry("socketio", Place.REQUEST)

#: Methods of generated servicers, and how their names end.
SERVICER = Entry("grpc", Place.REQUEST)
SERVICER_SUFFIX = "Servicer"

#: Resolvers of Graphene, which have a parameter called `info`.
GRAPHENE_METHODS = frozenset({"mutate", "mutate_and_get_payload", "perform_mutation"})
GRAPHENE_PREFIX = "resolve_"
