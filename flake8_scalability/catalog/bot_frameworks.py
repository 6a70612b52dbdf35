"""How bots learn of the functions that answer the people who write to them."""

from __future__ import annotations

from flake8_scalability.catalog.rows import ANY_ARGUMENT, Entry, Listing, Place, Signature

#: Decorators that let a bot take a command from its owner alone.
FOR_OWNERS = frozenset({"is_owner", "is_bot_owner", "is_dev", "owner_only", "owners_only"})

#: Words of chats whose gateway sends all events of one room to one process, and whose channels are no sockets.
GATEWAYS = ("discord",)

# Telegram

_TELEGRAM = (
    # https://docs.python-telegram-bot.org/
    Entry(
        "telegram",
        Place.REQUEST,
        calls="telegram.ext.{CommandHandler,MessageHandler,PrefixHandler,StringCommandHandler,StringRegexHandler,"
        "TypeHandler,RegexHandler,CallbackQueryHandler,InlineQueryHandler,ChosenInlineResultHandler,ChatMemberHandler,"
        "ChatJoinRequestHandler,MessageReactionHandler,ChatBoostHandler,BusinessConnectionHandler,"
        "BusinessMessagesDeletedHandler,PaidMediaPurchasedHandler,PreCheckoutQueryHandler,ShippingQueryHandler,"
        "PollAnswerHandler,PollHandler} pyrogram.handlers.MessageHandler",
        argument=ANY_ARGUMENT,
        keyword="callback",
        by_name=True,
        imports="telegram pyrogram hydrogram",
    ),
    Entry(
        "telegram",
        Place.REQUEST,
        calls="{app,application}.add_error_handler",
        argument=0,
        by_name=True,
        imports="telegram",
    ),
    Entry("telegram", Place.STARTUP, calls="builder.{post_init,post_shutdown,post_stop}", argument=0, by_name=True),
    Entry(
        "telegram",
        Place.WORKER,
        calls="job_queue.{run_repeating,run_daily,run_monthly,run_once,run_custom}",
        argument=0,
        keyword="callback",
        by_name=True,
    ),
    # https://docs.aiogram.dev/
    Entry("aiogram", Place.STARTUP, decorators="dp.{startup,shutdown}", by_name=True, imports="aiogram"),
    Entry(
        "aiogram",
        Place.REQUEST,
        decorators="dp.{message,edited_message,channel_post,edited_channel_post,inline_query,chosen_inline_result,"
        "callback_query,shipping_query,pre_checkout_query,poll,poll_answer,my_chat_member,chat_member,"
        "chat_join_request,message_reaction,message_reaction_count,chat_boost,removed_chat_boost,business_message,"
        "edited_business_message,business_connection,deleted_business_messages,purchased_paid_media,error,errors}",
        by_name=True,
        imports="aiogram",
        receivers="dp dispatcher",
    ),
    Entry(
        "aiogram",
        Place.REQUEST,
        decorators="dp.{message_handler,edited_message_handler,channel_post_handler,edited_channel_post_handler,"
        "inline_handler,chosen_inline_handler,callback_query_handler,shipping_query_handler,"
        "pre_checkout_query_handler,poll_handler,poll_answer_handler,my_chat_member_handler,chat_member_handler,"
        "chat_join_request_handler,errors_handler}",
        by_name=True,
        imports="aiogram",
        receivers="dp dispatcher",
    ),
    Entry(
        "aiogram",
        Place.STARTUP,
        calls="startup.register shutdown.register",
        argument=0,
        by_name=True,
        receivers="startup shutdown",
    ),
    Entry(
        "aiogram",
        Place.REQUEST,
        calls="message.register",
        argument=0,
        by_name=True,
        receivers="message edited_message channel_post edited_channel_post inline_query chosen_inline_result "
        "callback_query shipping_query pre_checkout_query poll poll_answer my_chat_member chat_member "
        "chat_join_request message_reaction errors error",
    ),
    Entry(
        "aiogram",
        Place.REQUEST,
        calls="dp.{register_message_handler,register_edited_message_handler,register_channel_post_handler,"
        "register_edited_channel_post_handler,register_inline_handler,register_chosen_inline_handler,"
        "register_callback_query_handler,register_shipping_query_handler,register_pre_checkout_query_handler,"
        "register_poll_handler,register_poll_answer_handler,register_my_chat_member_handler,"
        "register_chat_member_handler,register_chat_join_request_handler,register_errors_handler}",
        argument=0,
        keyword="callback",
        by_name=True,
    ),
    Entry("aiogram", Place.STARTUP, calls="aiogram.executor.{start_polling,start_webhook}", keyword="on_startup"),
    Entry("aiogram", Place.STARTUP, calls="aiogram.utils.executor.{start_polling,start_webhook}", keyword="on_startup"),
    Entry(
        "aiogram",
        Place.REQUEST,
        bases="aiogram.{,dispatcher.middlewares.base.,dispatcher.middlewares.,filters.,dispatcher.filters.}"
        "{BaseMiddleware,Filter,BaseFilter,BoundFilter}",
        methods="__call__ check on_pre_process_* on_process_* on_post_process_*",
        per_call=False,
    ),
    # https://pytba.readthedocs.io/
    Entry(
        "telebot",
        Place.REQUEST,
        decorators="bot.{message_handler,edited_message_handler,channel_post_handler,edited_channel_post_handler,"
        "callback_query_handler,inline_handler,chosen_inline_handler,shipping_query_handler,"
        "pre_checkout_query_handler,poll_handler,poll_answer_handler,my_chat_member_handler,chat_member_handler,"
        "chat_join_request_handler,middleware_handler,message_reaction_handler,business_message_handler}",
        by_name=True,
        imports="telebot",
        receivers="bot",
    ),
    Entry(
        "telebot",
        Place.REQUEST,
        calls="bot.{register_next_step_handler,register_next_step_handler_by_chat_id,register_for_reply,"
        "register_for_reply_by_message_id}",
        argument=1,
        keyword="callback",
        by_name=True,
    ),
    # https://docs.pyrogram.org/
    Entry(
        "pyrogram",
        Place.REQUEST,
        decorators="{pyrogram,hydrogram}.Client.{on_message,on_edited_message,on_callback_query,on_inline_query,"
        "on_deleted_messages,on_chat_member_updated,on_chat_join_request,on_chosen_inline_result,on_raw_update,"
        "on_user_status,on_poll,on_story,on_pre_checkout_query,on_message_reaction}",
        by_name=True,
        imports="pyrogram hydrogram",
        receivers="app bot client userbot app2",
    ),
    # https://docs.telethon.dev/
    Entry("telethon", Place.REQUEST, decorators="client.on", by_name=True, imports="telethon"),
    Entry("telethon", Place.REQUEST, calls="client.add_event_handler", argument=0, by_name=True, imports="telethon"),
)

# Discord

_PACKAGES = "discord nextcord disnake"
_D = "{discord,nextcord,disnake}"
_ONCE = "on_ready on_connect setup_hook on_shard_ready"
_COMMANDS = (
    "{command,group,hybrid_command,hybrid_group,slash_command,user_command,message_command,application_command,"
    "listen,context_menu,before_invoke,after_invoke,autocomplete,sub_command,sub_command_group,subcommand}"
)
_COMPONENTS = (
    "{button,select,string_select,user_select,role_select,mentionable_select,channel_select,input_text,persistent}"
)
_DISCORD = (
    # https://discordpy.readthedocs.io/, https://docs.disnake.dev/, https://docs.nextcord.dev/, https://docs.pycord.dev/
    Entry("discord", Place.WORKER, decorators=_D + ".ext.tasks.loop"),
    Entry(
        "discord",
        Place.STARTUP,
        decorators="loop.{before_loop,after_loop}",
        by_name=True,
        imports=_PACKAGES,
    ),
    Entry(
        "discord",
        Place.STARTUP,
        decorators=_D + ".ext.commands.Cog.listener " + _D + ".{,ext.commands.}Bot().{event,listen}",
        methods=_ONCE,
        by_name=True,
        imports=_PACKAGES,
    ),
    Entry(
        "discord",
        Place.REQUEST,
        decorators=_D + ".ext.commands.Cog.listener " + _D + ".{Client,{,ext.commands.}Bot}().event",
        by_name=True,
        imports=_PACKAGES,
    ),
    Entry(
        "discord",
        Place.REQUEST,
        decorators=f"{_D}.{{,ext.,ext.commands.,app_commands.,commands.,ext.bridge.}}{_COMMANDS}",
        by_name=True,
        imports=_PACKAGES,
    ),
    Entry("discord", Place.REQUEST, decorators=f"{_D}.ext.bridge.{{bridge_command,bridge_group}}"),
    Entry("discord", Place.REQUEST, decorators=f"{_D}.ui.{_COMPONENTS} ui.{_COMPONENTS}"),
    Entry(
        "discord",
        Place.STARTUP,
        bases=f"{_D}.{{Client,AutoShardedClient,Bot,AutoShardedBot}} "
        f"{_D}.ext.commands.{{Bot,AutoShardedBot,InteractionBot,Cog,GroupCog}}",
        methods=_ONCE + " cog_load cog_unload close",
    ),
    Entry(
        "discord",
        Place.REQUEST,
        bases=f"{_D}.{{Client,AutoShardedClient,Bot,AutoShardedBot}} "
        f"{_D}.ext.commands.{{Bot,AutoShardedBot,InteractionBot}}",
        methods="on_* get_prefix process_commands",
        per_call=False,
    ),
    Entry(
        "discord",
        Place.REQUEST,
        bases=f"{_D}.{{,ext.commands.}}{{Cog,GroupCog}} commands.Cog commands.GroupCog",
        methods="cog_check cog_command_error cog_before_invoke cog_after_invoke bot_check bot_check_once "
        "interaction_check cog_slash_command_check cog_app_command_error",
        per_call=False,
    ),
    Entry(
        "discord",
        Place.REQUEST,
        bases=f"{_D}.ui.{{View,Modal,Button,Select,DynamicItem,LayoutView,ActionRow,Item,RoleSelect,UserSelect,"
        "ChannelSelect,StringSelect,MentionableSelect}",
        methods="callback on_submit interaction_check on_timeout on_error on_check_failure",
    ),
    Entry(
        "discord",
        Place.REQUEST,
        bases=f"{_D}.{{ext.commands,app_commands}}.{{Converter,Transformer,IDConverter,MemberConverter}}",
        methods="convert transform autocomplete",
    ),
    # https://interactions-py.github.io/, https://twitchio.dev/
    Entry(
        "interactions", Place.STARTUP, decorators="interactions.{listen,Client().event}", methods="on_ready on_start*"
    ),
    Entry(
        "interactions",
        Place.REQUEST,
        decorators="interactions.{slash_command,listen,component_callback,modal_callback,context_menu,message_context_menu,"
        "user_context_menu,extension_command,extension_listener,global_autocomplete,Client().{command,event,component,"
        "modal}}",
    ),
    Entry(
        "twitchio", Place.REQUEST, decorators="twitchio.ext.commands.{command,cooldown,Cog.event,Component.listener}"
    ),
    Entry(
        "twitchio", Place.REQUEST, bases="twitchio.ext.commands.Bot twitchio.Client", methods="event_*", per_call=False
    ),
)

# Slack and the others

_OTHERS = (
    # https://docs.slack.dev/tools/bolt-python/
    Entry(
        "slack",
        Place.REQUEST,
        decorators="app.{event,message,command,action,block_action,attachment_action,dialog_submission,"
        "dialog_cancellation,view,view_submission,view_closed,shortcut,global_shortcut,message_shortcut,options,"
        "block_suggestion,dialog_suggestion,function,step,error,middleware,use,thread_started,user_message,"
        "thread_context_changed}",
        by_name=True,
        imports="slack_bolt",
    ),
    Entry("slack", Place.REQUEST, calls="app.{use,error}", argument=0, by_name=True, imports="slack_bolt"),
    Entry("slack", Place.REQUEST, decorators="slackeventsapi.SlackEventAdapter().on"),
    # https://github.com/line/line-bot-sdk-python
    Entry("line", Place.REQUEST, decorators="linebot.{,v3.,v3.webhook.}WebhookHandler().{add,default}"),
    Entry("line", Place.REQUEST, decorators="handler.{add,default}", by_name=True, imports="linebot"),
    # https://learn.microsoft.com/azure/bot-service/
    Entry(
        "botbuilder",
        Place.REQUEST,
        bases="botbuilder.core.{,teams.}{ActivityHandler,TeamsActivityHandler}",
        methods="on_*",
        per_call=False,
    ),
    # https://developer.amazon.com/docs/alexa/alexa-skills-kit-sdk-for-python/
    Entry(
        "alexa",
        Place.REQUEST,
        bases="ask_sdk_core.dispatch_components.{,request_components.,exception_components.}"
        "{AbstractRequestHandler,AbstractExceptionHandler,AbstractRequestInterceptor,AbstractResponseInterceptor}",
        methods="handle can_handle process",
        per_call=False,
    ),
    Entry("rasa", Place.REQUEST, bases="rasa_sdk.{,interfaces.}Action rasa_sdk.forms.FormValidationAction",
          methods="run validate_*", per_call=False),
    Entry("errbot", Place.REQUEST, decorators="errbot.{botcmd,arg_botcmd,re_botcmd,webhook}"),
    Entry("chainlit", Place.REQUEST, decorators="chainlit.{on_message,on_chat_start,on_chat_end,on_chat_resume,on_stop,"
          "action_callback,on_settings_update,password_auth_callback,header_auth_callback,oauth_callback,"
          "set_chat_profiles,set_starters,author_rename,step,on_audio_start,on_audio_chunk,on_audio_end,on_mcp_connect,"
          "on_mcp_disconnect,on_window_message,on_logout,on_feedback}"),
    Entry("chainlit", Place.STARTUP, decorators="chainlit.{on_app_startup,on_app_shutdown,cache,data_layer}"),
    Entry("vkbottle", Place.REQUEST, decorators="on.{message,private_message,chat_message,raw_event}", by_name=True,
          imports="vkbottle"),
    Entry("nio", Place.REQUEST, calls="nio.AsyncClient().{add_event_callback,add_to_device_callback,"
          "add_response_callback}", argument=0, keyword="callback"),
    Entry("nonebot", Place.REQUEST, decorators="matcher.{handle,got,receive}", by_name=True, imports="nonebot"),
)  # fmt: skip

ENTRIES = (*_TELEGRAM, *_DISCORD, *_OTHERS)

LISTINGS = (
    Listing(
        "aiogram",
        Place.REQUEST,
        names="on_click getter on_success on_error on_process_result on_state_changed on_item_selected on_start "
        "on_close",
        imports="aiogram_dialog",
    ),
    Listing("aiogram", Place.STARTUP, names="on_startup on_shutdown", imports="aiogram"),
    Listing("telegram", Place.STARTUP, attributes="post_init post_shutdown post_stop", imports="telegram"),
    Listing("discord", Place.REQUEST, attributes="callback on_submit", imports=_PACKAGES),
)

SIGNATURES = (
    Signature("telegram", Place.REQUEST, parameters="update|_update|_ context|ctx|_|_context", imports="telegram"),
    Signature("telegram", Place.WORKER, parameters="context|ctx", annotations="telegram.ext.{CallbackContext,"
              "ContextTypes.DEFAULT_TYPE}", imports="telegram", coroutine=True),
    Signature("telethon", Place.REQUEST, annotations="telethon.events.{NewMessage,CallbackQuery,MessageEdited,"
              "MessageDeleted,InlineQuery,ChatAction}{,.Event}"),
    Signature("telethon", Place.REQUEST, parameters="event|_event", imports="telethon", coroutine=True),
    # Methods of bots, views and converters of a project's own kind
    Signature("discord", Place.REQUEST, parameters="interaction|inter|i|itx|_", imports=_PACKAGES,
              names="interaction_check on_submit callback", coroutine=True),
    Signature("discord", Place.REQUEST, parameters="ctx|context|_|_ctx argument|arg|value", imports=_PACKAGES,
              names="convert", coroutine=True),
    Signature("discord", Place.STARTUP, imports=_PACKAGES, names="setup_hook cog_load cog_unload", coroutine=True),
    Signature("discord", Place.REQUEST, imports=_PACKAGES, names="on_timeout on_error on_message on_command_error",
              coroutine=True),
)  # fmt: skip
