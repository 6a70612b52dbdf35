"""How Django, Django REST framework and Django Ninja learn of the functions that answer their requests."""

from __future__ import annotations

from flake8_scalability.catalog.http_entries import HTTP, REST_METHODS, VIEW_METHODS
from flake8_scalability.catalog.rows import Entry, Listing, Place, Signature

_GENERIC = (
    "View,TemplateView,RedirectView,ListView,DetailView,CreateView,UpdateView,DeleteView,FormView,ArchiveIndexView,"
    "YearArchiveView,MonthArchiveView,DayArchiveView,TodayArchiveView,DateDetailView"
)
_REST_VIEWS = (
    "GenericAPIView,ListAPIView,CreateAPIView,RetrieveAPIView,ListCreateAPIView,RetrieveUpdateAPIView,"
    "RetrieveUpdateDestroyAPIView,RetrieveDestroyAPIView,UpdateAPIView,DestroyAPIView"
)
_REST_MIXINS = "ListModelMixin,CreateModelMixin,RetrieveModelMixin,UpdateModelMixin,DestroyModelMixin"

ENTRIES = (
    # https://docs.djangoproject.com/en/stable/ref/class-based-views/
    Entry(
        "django",
        Place.REQUEST,
        bases=f"django.views.{{,generic.{{,base.,edit.,list.,detail.,dates.}}}}{{{_GENERIC}}} "
        "django.contrib.auth.views.{LoginView,LogoutView,PasswordChangeView,PasswordResetView,"
        "PasswordResetConfirmView} " + _GENERIC.replace(",", " ") + " LoginView LogoutView PasswordResetView",
        methods=VIEW_METHODS
        + " get_queryset get_context_data get_object form_valid form_invalid get_success_url setup get_form "
        "get_form_kwargs get_initial render_to_response get_redirect_url get_paginate_by test_func "
        "handle_no_permission has_permission http_method_not_allowed",
        by_name=True,
    ),
    Entry(
        "django",
        Place.REQUEST,
        bases="django.views.generic.{,base.,edit.,list.,detail.}{ContextMixin,TemplateResponseMixin,FormMixin,"
        "ModelFormMixin,ProcessFormView,SingleObjectMixin,MultipleObjectMixin} django.contrib.auth.mixins.{AccessMixin,"
        "LoginRequiredMixin,UserPassesTestMixin,PermissionRequiredMixin} ContextMixin LoginRequiredMixin "
        "UserPassesTestMixin PermissionRequiredMixin AccessMixin",
        methods=VIEW_METHODS + " get_queryset get_context_data get_object form_valid form_invalid test_func "
        "handle_no_permission has_permission",
        by_name=True,
    ),
    Entry(
        "django",
        Place.REQUEST,
        decorators="django.views.decorators.http.{require_GET,require_POST,require_http_methods,require_safe,condition,"
        "etag,last_modified} django.views.decorators.csrf.{csrf_exempt,csrf_protect,ensure_csrf_cookie} "
        "django.contrib.auth.decorators.{login_required,permission_required,user_passes_test} "
        "django.contrib.admin.views.decorators.staff_member_required "
        "login_required csrf_exempt require_POST require_GET require_http_methods staff_member_required",
        by_name=True,
    ),
    Entry(
        "django",
        Place.REQUEST,
        calls="django.urls.{path,re_path} django.conf.urls.{url,re_path}",
        argument=1,
        keyword="view",
    ),
    Entry(
        "django",
        Place.REQUEST,
        bases="django.utils.deprecation.MiddlewareMixin MiddlewareMixin",
        methods="__call__ __acall__ process_request process_response process_view process_exception "
        "process_template_response",
        by_name=True,
        per_call=False,
    ),
    # https://docs.djangoproject.com/en/stable/ref/contrib/admin/
    Entry(
        "django",
        Place.REQUEST,
        bases="django.contrib.admin.{,options.,sites.,filters.}{ModelAdmin,TabularInline,StackedInline,AdminSite,"
        "SimpleListFilter} django.contrib.auth.admin.UserAdmin ModelAdmin TabularInline StackedInline",
        methods="get_queryset save_model delete_model delete_queryset save_formset save_related changelist_view "
        "change_view add_view delete_view changeform_view history_view get_form get_fieldsets get_readonly_fields "
        "get_list_display get_search_results has_add_permission has_change_permission has_delete_permission "
        "has_view_permission response_change response_add lookups queryset formfield_for_foreignkey",
        by_name=True,
        per_call=False,
    ),
    Entry("django", Place.REQUEST, decorators="django.contrib.admin.{action,display}"),
    Entry(
        "django",
        Place.REQUEST,
        bases="django.contrib.auth.backends.{BaseBackend,ModelBackend,RemoteUserBackend}",
        methods="authenticate aauthenticate get_user has_perm",
        per_call=False,
    ),
    Entry(
        "django",
        Place.REQUEST,
        bases="django.contrib.syndication.views.Feed django.contrib.sitemaps.Sitemap",
        methods="items get_object item_title item_description item_link item_pubdate title link lastmod location",
        per_call=False,
    ),
    Entry(
        "wagtail",
        Place.REQUEST,
        bases="wagtail.{,core.}models.Page wagtail.contrib.routable_page.models.RoutablePageMixin",
        methods="serve get_context route serve_preview",
        per_call=False,
    ),
    Entry(
        "wagtail",
        Place.REQUEST,
        decorators="wagtail.contrib.routable_page.models.{route,path,re_path}",
    ),
    # https://www.django-rest-framework.org/api-guide/generic-views/
    Entry(
        "djangorestframework",
        Place.REQUEST,
        bases=f"rest_framework.views.APIView rest_framework.generics.{{{_REST_VIEWS}}} "
        f"rest_framework.mixins.{{{_REST_MIXINS}}} "
        "rest_framework.viewsets.{ViewSet,GenericViewSet,ModelViewSet,ReadOnlyModelViewSet,ViewSetMixin} "
        "rest_framework.authtoken.views.ObtainAuthToken rest_framework_simplejwt.views.{TokenViewBase,"
        "TokenObtainPairView,TokenRefreshView} adrf.views.APIView adrf.viewsets.{ViewSet,ModelViewSet} "
        "APIView ViewSet GenericViewSet ModelViewSet ReadOnlyModelViewSet ObtainAuthToken TokenObtainPairView "
        f"{_REST_VIEWS.replace(',', ' ')} {_REST_MIXINS.replace(',', ' ')}",
        methods=f"{VIEW_METHODS} {REST_METHODS}",
        by_name=True,
    ),
    Entry(
        "djangorestframework",
        Place.REQUEST,
        decorators="rest_framework.decorators.{api_view,list_route,detail_route} adrf.decorators.api_view "
        "api_view detail_route list_route",
        by_name=True,
    ),
    Entry(
        "djangorestframework",
        Place.REQUEST,
        decorators="rest_framework.decorators.action",
        by_name=True,
        imports="rest_framework drf_spectacular drf_yasg django_filters",
    ),
    Entry(
        "djangorestframework",
        Place.REQUEST,
        bases="rest_framework.serializers.{Serializer,ModelSerializer,ListSerializer,HyperlinkedModelSerializer,"
        "BaseSerializer} "
        "rest_framework.permissions.{BasePermission,IsAuthenticated,IsAdminUser,DjangoModelPermissions} "
        "rest_framework.authentication.{BaseAuthentication,TokenAuthentication,SessionAuthentication,"
        "BasicAuthentication} rest_framework_simplejwt.authentication.JWTAuthentication "
        "rest_framework.throttling.{BaseThrottle,SimpleRateThrottle,UserRateThrottle,AnonRateThrottle,"
        "ScopedRateThrottle} rest_framework.filters.{BaseFilterBackend,SearchFilter,OrderingFilter} "
        "rest_framework.pagination.{BasePagination,PageNumberPagination,LimitOffsetPagination,CursorPagination}",
        methods="to_representation to_internal_value create update save validate has_permission has_object_permission "
        "authenticate authenticate_credentials get_user allow_request is_valid filter_queryset paginate_queryset "
        "get_paginated_response get_cache_key",
    ),
    # https://django-ninja.dev/, https://eadwincode.github.io/django-ninja-extra/
    Entry(
        "django-ninja",
        Place.REQUEST,
        decorators="{ninja,ninja_extra}.{,main.,router.}{NinjaAPI,NinjaExtraAPI,Router}()."
        + HTTP.replace("{", "{api_operation,exception_handler,")
        + " ninja_extra.{,controllers.,controllers.route.}{http_get,http_post,http_put,http_patch,http_delete,"
        "http_generic,route.get,route.post,route.put,route.patch,route.delete,route.generic}",
    ),
    Entry(
        "django-ninja",
        Place.REQUEST,
        bases="ninja.security.{HttpBearer,HttpBasicAuth,APIKeyHeader,APIKeyQuery,APIKeyCookie,SessionAuth} HttpBearer "
        "APIKeyHeader",
        methods="authenticate",
        by_name=True,
        per_call=False,
    ),
)

LISTINGS: tuple[Listing, ...] = ()
SIGNATURES = (
    # Mixins of views, which have no base to show it
    Signature(
        "django",
        Place.REQUEST,
        parameters="request|req",
        names=f"{VIEW_METHODS} list create retrieve update partial_update destroy",
        imports="django rest_framework",
        more=True,
    ),
)

#: Serializers of a project's own, in a file that imports Django REST framework.
PROJECT_SERIALIZER = Entry(
    "djangorestframework", Place.REQUEST, methods="to_representation to_internal_value create update validate"
)
