"""Listings of other services that answer with one page, and what says that somebody asks for the next.

Sources: https://docs.aws.amazon.com/boto3/latest/guide/paginators.html, https://kubernetes.io/docs/reference/using-api/api-concepts/,
https://docs.github.com/rest/using-the-rest-api/using-pagination-in-the-rest-api, https://api.slack.com/docs/pagination,
https://googleapis.github.io/google-api-python-client/docs/pagination.html, https://docs.stripe.com/api/pagination,
https://python-gitlab.readthedocs.io/en/stable/api-usage.html#pagination, https://jira.readthedocs.io/examples.html#issues
"""

from __future__ import annotations

import re
from typing import NamedTuple


class Upstream(NamedTuple):
    """Calls of one service that give a page.

    names: last names of the callees
    roots: packages out of which the callee comes, or that the file imports where its receiver is not known
    hints: arguments of which one tells the call where the file imports none of those; () where none does
    limits: arguments with which a page is meant: the caller asked for so many
    narrow: arguments with which few are asked for
    pages: words of a function that asks for the next page
    keys: the parts of the answer that hold the items; () where the answer is the items
    instead: what to do
    whole: it is not a page that is sent, but everything at once
    """

    names: str
    roots: tuple[str, ...]
    hints: tuple[str, ...]
    limits: tuple[str, ...]
    narrow: re.Pattern[str]
    pages: re.Pattern[str]
    keys: tuple[str, ...]
    instead: str
    whole: bool = False


_NONE = re.compile(r"(?!)")
_AWS_PAGES = re.compile(
    r"(?i)next_?token|next_?marker|continuation_?token|last_?evaluated|exclusive_?start|is_?truncated|paginat|start_?key|\bmarker|"
    r"next_?page|page_?token"
)
_AWS_LIMITS = ("Limit", "MaxResults", "MaxKeys", "MaxItems", "MaxRecords", "limit", "maxResults", "PageSize")
_AWS_ROOTS = ("boto3", "aioboto3", "aiobotocore", "botocore", "mypy_boto3", "types_boto3")
_BUCKETS = "list_objects list_objects_v2 list_object_versions list_multipart_uploads"
# Left out is what a quota of AWS keeps below a page: the access keys of a user, the policies of a role, and the groups
# that one user of a pool is in.
_AWS_LISTS = (
    "list_users list_roles list_groups list_policies list_functions "
    "list_layers list_event_source_mappings list_versions_by_function list_tasks list_services list_clusters "
    "list_task_definitions list_container_instances list_stacks list_stack_resources list_exports list_queues "
    "list_topics list_subscriptions list_subscriptions_by_topic list_tables list_hosted_zones "
    "list_resource_record_sets list_secrets list_keys list_aliases list_users_in_group "
    "list_state_machines list_executions list_accounts list_images list_metrics list_nodegroups list_jobs "
    "list_certificates list_streams list_shards list_faces list_steps list_projects list_builds_for_project "
    "list_pipelines list_identities list_training_jobs list_parts list_distributions list_recovery_points "
    "list_schedules list_knowledge_bases list_agents "
    "list_collections list_findings list_analyzers list_backup_vaults list_transcription_jobs list_signing_jobs"
)
_AWS_DESCRIBES = (
    "describe_instances describe_volumes describe_snapshots describe_security_groups describe_network_interfaces "
    "describe_db_instances describe_db_clusters describe_db_snapshots describe_log_groups describe_log_streams "
    "describe_stacks describe_stack_events describe_parameters describe_auto_scaling_groups describe_load_balancers "
    "describe_target_groups describe_listeners describe_rules describe_alarms describe_repositories describe_images "
    "describe_cache_clusters describe_instance_information describe_job_definitions describe_workspaces "
    "describe_file_systems describe_findings"
)
_AWS_GETS = (
    "filter_log_events get_parameters_by_path get_tables get_databases get_partitions get_findings "
    "get_execution_history get_rest_apis get_products get_resources get_document_text_detection get_document_analysis"
)
_ONE_OR_FEW = re.compile(r"(Ids?|Names?|Arns?|ARNs?|Identifiers?|Filters?|Filter|Key|Keys)$")

UPSTREAMS = (
    Upstream(_BUCKETS, _AWS_ROOTS, ("Bucket",), _AWS_LIMITS, _NONE, _AWS_PAGES,
             ("Contents", "CommonPrefixes", "Versions", "Uploads", "DeleteMarkers"), "use a paginator"),
    Upstream(_AWS_LISTS, _AWS_ROOTS, (), _AWS_LIMITS, re.compile(r"^Filters?$"), _AWS_PAGES, (), "use a paginator"),
    Upstream(_AWS_GETS, _AWS_ROOTS, (), _AWS_LIMITS, _NONE, _AWS_PAGES, (), "follow NextToken"),
    Upstream(_AWS_DESCRIBES, _AWS_ROOTS, (), _AWS_LIMITS, _ONE_OR_FEW, _AWS_PAGES, (), "use a paginator"),
    Upstream("query", _AWS_ROOTS, ("KeyConditionExpression", "KeyConditions"), _AWS_LIMITS, re.compile("^Select$"),
             _AWS_PAGES, ("Items",), "follow LastEvaluatedKey"),
    Upstream("scan", _AWS_ROOTS, ("FilterExpression", "ProjectionExpression", "TableName"), _AWS_LIMITS,
             re.compile("^Select$"), _AWS_PAGES, ("Items",), "follow LastEvaluatedKey"),
    Upstream(
        "list_pod_for_all_namespaces list_namespaced_pod list_job_for_all_namespaces list_namespaced_job "
        "list_event_for_all_namespaces list_namespaced_event list_secret_for_all_namespaces list_namespaced_secret "
        "list_config_map_for_all_namespaces list_namespaced_config_map list_deployment_for_all_namespaces "
        "list_replica_set_for_all_namespaces list_service_for_all_namespaces list_cluster_custom_object",
        ("kubernetes", "kubernetes_asyncio"), (), ("limit",),
        re.compile(r"^(label_selector|field_selector|_continue|watch|resource_version)$"),
        re.compile("_continue|continue_token|list_call_get_all|Watch"), (), "pass limit= and follow _continue", True,
    ),
    Upstream(
        "conversations_list users_list conversations_members files_list users_conversations channels_list",
        ("slack_sdk", "slack", "slack_bolt", "slackclient"), (), ("limit", "count"), re.compile(r"^(cursor|page)$"),
        re.compile("(?i)cursor|has_more|next_page"), ("members", "channels", "files"), "follow next_cursor",
    ),
    Upstream("search_issues", ("jira",), (), ("maxResults",), _NONE,
             re.compile("(?i)startAt|isLast|next_?page"), (), "pass maxResults=False or page with startAt"),
)  # fmt: skip
#: The attribute that a condition of DynamoDB compares, alone; and those of which one row has a value.
KEY = re.compile(r"^\s*(\w+)\s*(=\s*:\w+\s*)?$")
OWN_KEYS = re.compile(r"(?i)^(id|uuid|email|username|slug|token)$")
#: Groups of the API of Kubernetes that answer with what there is at the moment, and know of no pages.
UNPAGED_GROUPS = re.compile(r"^((custom|external)\.)?metrics\.k8s\.io$")
#: A condition of DynamoDB for keys that begin with something, and names of what such keys begin with for one day.
BEGINNING = "begins_with"
DAY = re.compile(r"(?i)(^|_)(date|day|today|yesterday|tomorrow|hour)(_|$)|_date_str$|isoformat|strftime")
#: As many as one page holds: who asks for so many has meant all.
PAGE_MAX = 1000

#: Objects whose `list` gives a page, by the beginnings of its path.
LISTING = "list"
GITLAB = re.compile(r"^gitlab\.(client\.)?Gitlab\(\)\.")
GITLAB_BOUNDS = ("all", "get_all", "iterator", "page", "per_page", "search", "as_list", "iids")
STRIPE = re.compile(r"^stripe\.(StripeClient\(\)\.)?[\w.]+\.list$")
#: Arguments with which there are a few: so many, those of a time, those of one subscription.
STRIPE_BOUNDS = ("limit", "created", "subscription")
STRIPE_PAGES = re.compile("auto_paging_iter|has_more|starting_after|next_page")
GOOGLE_ROOTS = ("googleapiclient", "apiclient", "aiogoogle")
GOOGLE_PAGES = re.compile("(?i)page_?token|list_next|sync_?token")
GOOGLE_LIMITS = ("pageSize", "maxResults")
#: Collections of theirs whose listing has no pages: of the Directory API and of Gmail; and those that are searched, of
#: which the first page has what fits best.
GOOGLE_WHOLE = frozenset({
    "orgunits", "asps", "tokens", "verificationCodes", "schemas", "domains", "domainAliases", "aliases", "labels",
    "sendAs", "filters", "forwardingAddresses", "delegates", "smimeInfo",
    "cse", "siterestrict",
})  # fmt: skip

#: The part of a service whose collections are paged by `start_index`, in pages of 1,000 (Analytics, version 3).
GOOGLE_BY_INDEX = "management"

#: Listings of GitHub by the last part of their address; what a search finds first is what is looked for.
GITHUB_HOST = "api.github.com"
GITHUB_LISTS = re.compile(
    r"(?<!/search)/(issues|pulls|commits|repos|branches|tags|members|contributors|stargazers|comments|reviews|files|runs|jobs|"
    r"teams|labels|collaborators|followers|following|starred|artifacts|invitations|installations|workflows|deployments|"
    r"milestones|forks|hooks)(?<!/user/installations)$"  # one user has the application in a few accounts
)
#: How many a page holds at most, and how a number of them is asked for.
GITHUB_MAX = 100
GITHUB_SIZE = re.compile(r"per_page[\"']?\s*[:=]\s*[\"']?(\d+)")
GITHUB_PAGES = re.compile(r"(?i)\bpage\b|[?&]page=|links\b|[\"']link[\"']|rel=|next_url|paginat")

#: Keys of an answer that do not hold its items.
BESIDE = frozenset({"ResponseMetadata", "KeyCount", "Count", "ScannedCount", "ok", "IsTruncated", "total", "Name"})
