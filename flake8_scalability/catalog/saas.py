"""SDKs of hosted services: Slack and other messengers, GitHub, GitLab, Jira, maps, spreadsheets and files.

Sources: docs.slack.dev, pygithub.readthedocs.io, python-gitlab.readthedocs.io, jira.readthedocs.io,
atlassian-python-api.readthedocs.io, googlemaps.github.io/google-maps-services-python, geopy.readthedocs.io,
docs.gspread.org, docs.tweepy.org.
"""

from __future__ import annotations

from flake8_scalability.catalog.rows import Api, Deadline, Effect, Resource, System

_KEYWORD = Deadline()
_SANE = Deadline(sane=True)

_SLACK_WRITES = (
    "{chat_postMessage,chat_postEphemeral,chat_update,chat_delete,files_upload,files_upload_v2,reactions_add,"
    "conversations_open,conversations_create,conversations_invite,views_open,views_publish,views_update}"
)
_SLACK_READS = (
    "{users_info,users_list,users_lookupByEmail,conversations_info,conversations_list,conversations_history,"
    "conversations_members,conversations_replies}"
)

MESSAGING = (
    # Slack: 30 s, and a second try for a connection that failed.  The client opens a connection for each call, so that
    # sharing it would not help.
    Api("slack_sdk.WebClient", System.HTTP, deadline=Deadline(position=2, sane=True)),
    Api(
        "slack_sdk.web.{WebClient,client.WebClient} slack.{,web.client.}WebClient",
        System.HTTP,
        deadline=Deadline(position=2, sane=True),
        returns="slack_sdk.WebClient()",
    ),
    Api(
        "slack_sdk.WebClient()." + _SLACK_WRITES,
        System.HTTP,
        effect=Effect.WRITE,
        blocks=True,
        retried=True,
    ),
    Api(
        "slack_sdk.WebClient()." + _SLACK_READS,
        System.HTTP,
        effect=Effect.READ,
        blocks=True,
        retried=True,
    ),
    Api(
        "slack_sdk.web.async_client.AsyncWebClient()." + _SLACK_WRITES,
        System.HTTP,
        effect=Effect.WRITE,
        retried=True,
    ),
    Api(
        "slack_sdk.web.async_client.AsyncWebClient()." + _SLACK_READS,
        System.HTTP,
        effect=Effect.READ,
        retried=True,
    ),
    Api("slack_sdk.webhook.{,client.}WebhookClient", System.HTTP, deadline=Deadline(position=1, sane=True)),
    Api("slack_sdk.webhook.{,client.}WebhookClient().{send,send_dict}", System.HTTP, effect=Effect.WRITE, blocks=True),
    Api("discord_webhook.DiscordWebhook", System.HTTP, deadline=_KEYWORD),
    Api("discord_webhook.DiscordWebhook().execute", System.HTTP, effect=Effect.WRITE, blocks=True),
    # pyTelegramBotAPI: 15 s and 30 s
    Api(
        "telebot.TeleBot().{send_message,send_photo,send_document,send_video,reply_to,edit_message_text,delete_message,"
        "answer_callback_query}",
        System.HTTP,
        effect=Effect.WRITE,
        blocks=True,
    ),
    Api("pusher.{,pusher.}Pusher", System.HTTP, makes=Resource.SERVICE_CLIENT, deadline=_SANE),
    Api("pusher.{,pusher.}Pusher().{trigger,trigger_batch}", System.HTTP, effect=Effect.WRITE, blocks=True),
    Api("tweepy.Client().{create_tweet,delete_tweet,like,retweet}", System.HTTP, effect=Effect.WRITE, blocks=True),
    Api(
        "tweepy.Client().{get_me,get_tweet,get_tweets,get_user,get_users,get_users_tweets,search_recent_tweets}",
        System.HTTP,
        effect=Effect.READ,
        blocks=True,
    ),
)

DEVELOPMENT = (
    # PyGithub: 15 s, ten tries
    Api(
        "github.{,MainClass.}Github",
        System.HTTP,
        makes=Resource.SERVICE_CLIENT,
        deadline=Deadline(position=5, sane=True),
        returns="github.Github()",
    ),
    Api(
        "github.Github().{get_repo,get_user,get_organization,get_gist,search_issues,search_repositories,search_code,"
        "get_rate_limit} github.Github().get_repo().{get_contents,get_issue,get_issues,get_pull,get_pulls,get_commits,"
        "get_branch,get_branches,get_releases,get_latest_release} github.Github().get_organization().get_repos",
        System.HTTP,
        effect=Effect.READ,
        blocks=True,
        retried=True,
    ),
    Api(
        "github.Github().get_repo().{create_issue,create_pull,create_file,update_file,delete_file,create_git_ref,"
        "create_git_release,create_hook} github.Github().get_repo().{get_issue,get_pull}().{create_comment,"
        "create_issue_comment,edit,merge}",
        System.HTTP,
        effect=Effect.WRITE,
        blocks=True,
        retried=True,
    ),
    Api("gitlab.{,client.}Gitlab", System.HTTP, makes=Resource.SERVICE_CLIENT, deadline=Deadline(position=7)),
    Api(
        "gitlab.{,client.}Gitlab().{projects,groups,users,issues,mergerequests,runners}.{get,list} "
        "gitlab.{,client.}Gitlab().{auth,version}",
        System.HTTP,
        effect=Effect.READ,
        blocks=True,
        retries=("retry_transient_errors",),
    ),
    Api(
        "gitlab.{,client.}Gitlab().{projects,groups,users}.create",
        System.HTTP,
        effect=Effect.WRITE,
        blocks=True,
        retries=("retry_transient_errors",),
    ),
    # The constructor asks the server who it is; three tries more with growing waits, but no timeout.
    Api("jira.{,client.}JIRA", System.HTTP, makes=Resource.SERVICE_CLIENT, blocks=True, deadline=Deadline(position=15)),
    Api(
        "jira.{,client.}JIRA().{issue,search_issues,project,projects,user,comments,transitions,issue_types,fields,boards,"
        "sprints}",
        System.HTTP,
        effect=Effect.READ,
        blocks=True,
        retried=True,
    ),
    Api(
        "jira.{,client.}JIRA().{create_issue,create_issues,add_comment,transition_issue,assign_issue,add_attachment,"
        "add_watcher,create_issue_link,add_worklog}",
        System.HTTP,
        effect=Effect.WRITE,
        blocks=True,
        retried=True,
    ),
    # 75 s
    Api(
        "atlassian.{,jira.,confluence.,bitbucket.}{Jira,Confluence,Bitbucket}",
        System.HTTP,
        makes=Resource.SERVICE_CLIENT,
        deadline=_SANE,
    ),
    Api(
        "atlassian.Jira().{issue,jql,get_project,get_all_projects,get_issue_transitions} "
        "atlassian.Confluence().{get_page_by_id,get_page_by_title,cql,get_all_pages_from_space}",
        System.HTTP,
        effect=Effect.READ,
        blocks=True,
    ),
    Api(
        "atlassian.Jira().{create_issue,issue_create,issue_add_comment,set_issue_status,update_issue_field} "
        "atlassian.Confluence().{create_page,update_page,append_page,remove_page}",
        System.HTTP,
        effect=Effect.WRITE,
        blocks=True,
    ),
)

MAPS_AND_FILES = (
    # It repeats failed calls for 60 s with growing waits, but each may wait for ever.
    Api(
        "googlemaps.{,client.}Client",
        System.HTTP,
        makes=Resource.SERVICE_CLIENT,
        deadline=Deadline(("timeout", "read_timeout"), position=3, nested=("requests_kwargs",)),
    ),
    Api(
        "googlemaps.{,client.}Client().{geocode,reverse_geocode,directions,distance_matrix,places,place,places_nearby,"
        "places_autocomplete,elevation,timezone,find_place}",
        System.HTTP,
        effect=Effect.READ,
        blocks=True,
        retried=True,
    ),
    # 1 s
    Api(
        "geopy.geocoders.{Nominatim,GoogleV3,Bing,ArcGIS,MapBox,OpenCage,Photon,Here,HereV7,Azure,TomTom}()."
        "{geocode,reverse}",
        System.HTTP,
        effect=Effect.READ,
        blocks=True,
        deadline=Deadline(client=("timeout",), sane=True),
    ),
    Api(
        "gspread.{authorize,service_account,service_account_from_dict,oauth,Client}",
        System.HTTP,
        makes=Resource.SERVICE_CLIENT,
        returns="gspread.authorize()",
    ),
    Api(
        "gspread.authorize().{open,open_by_key,open_by_url}",
        System.HTTP,
        effect=Effect.READ,
        blocks=True,
        returns="gspread.Spreadsheet()",
    ),
    Api(
        "gspread.Spreadsheet().{worksheet,get_worksheet}",
        System.HTTP,
        effect=Effect.READ,
        blocks=True,
        returns="gspread.Worksheet()",
    ),
    Api(
        "gspread.Worksheet().{get_all_records,get_all_values,row_values,col_values,acell,cell,find,findall,get,batch_get}",
        System.HTTP,
        effect=Effect.READ,
        blocks=True,
    ),
    Api(
        "gspread.Worksheet().{append_row,append_rows,update,update_cell,update_acell,batch_update,insert_row,delete_rows,"
        "clear}",
        System.HTTP,
        effect=Effect.WRITE,
        blocks=True,
    ),
    # 100 s, four tries
    Api("dropbox.{,dropbox_client.}Dropbox", System.HTTP, makes=Resource.SERVICE_CLIENT, deadline=_SANE),
    Api(
        "dropbox.{,dropbox_client.}Dropbox().{files_download,files_get_metadata,files_list_folder}",
        System.HTTP,
        effect=Effect.READ,
        blocks=True,
        retried=True,
    ),
    Api(
        "dropbox.{,dropbox_client.}Dropbox().{files_upload,files_delete_v2,files_move_v2}",
        System.HTTP,
        effect=Effect.WRITE,
        blocks=True,
        retried=True,
    ),
    # 60 s, two tries more
    Api("notion_client.{,client.}{Client,AsyncClient}", System.HTTP, makes=Resource.SERVICE_CLIENT),
    Api(
        "notion_client.{,client.}Client().{databases.query,databases.retrieve,pages.retrieve,blocks.children.list,search}",
        System.HTTP,
        effect=Effect.READ,
        blocks=True,
        retried=True,
    ),
    Api(
        "notion_client.{,client.}Client().{pages.create,pages.update,blocks.children.append}",
        System.HTTP,
        effect=Effect.WRITE,
        blocks=True,
        retried=True,
    ),
    # The constructor logs in.
    Api("simple_salesforce.{,api.}Salesforce", System.HTTP, makes=Resource.SERVICE_CLIENT, blocks=True),
    Api(
        "simple_salesforce.{,api.}Salesforce().{query,query_all,search,quick_search,describe}",
        System.HTTP,
        effect=Effect.READ,
        blocks=True,
    ),
)

ROWS: tuple[Api, ...] = (*MESSAGING, *DEVELOPMENT, *MAPS_AND_FILES)
