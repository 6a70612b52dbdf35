"""Payments and identity providers: Stripe, Braintree, Razorpay, PayPal, Microsoft, Google, Keycloak, JSON web keys.

Sources: docs.stripe.com, developer.paypal.com/braintree, razorpay.com/docs, msal-python.readthedocs.io,
pyjwt.readthedocs.io, googleapis.dev/python/google-auth, python-keycloak.readthedocs.io.
"""

from __future__ import annotations

from flake8_scalability.catalog.rows import Api, Deadline, Effect, Resource, System

_SANE = Deadline(sane=True)

_OBJECTS = (
    "{Account,Charge,Coupon,Customer,Invoice,InvoiceItem,PaymentIntent,PaymentMethod,Payout,Price,Product,Refund,"
    "SetupIntent,Subscription,Transfer,billing_portal.Session,checkout.Session}"
)
_SERVICES = (
    "{charges,checkout.sessions,customers,invoices,payment_intents,payment_methods,refunds,setup_intents,subscriptions}"
)

PAYMENTS = (
    # Stripe: 80 s; two tries more, with an idempotency key and growing waits.
    Api(
        f"stripe.{_OBJECTS}.{{create,modify}} stripe.PaymentIntent.{{cancel,capture,confirm}} "
        "stripe.Subscription.{cancel,delete} stripe.Invoice.{pay,finalize_invoice} stripe.PaymentMethod.attach",
        System.HTTP,
        effect=Effect.WRITE,
        blocks=True,
        retried=True,
    ),
    Api(f"stripe.{_OBJECTS}.{{retrieve,list}}", System.HTTP, effect=Effect.READ, blocks=True, retried=True),
    Api(f"stripe.{_OBJECTS}.create_async", System.HTTP, effect=Effect.WRITE, retried=True),
    Api("stripe.StripeClient", System.HTTP, makes=Resource.SERVICE_CLIENT),
    Api(
        f"stripe.StripeClient().{_SERVICES}.{{create,update}} stripe.StripeClient().v1.{_SERVICES}.{{create,update}}",
        System.HTTP,
        effect=Effect.WRITE,
        blocks=True,
        retried=True,
    ),
    Api(
        f"stripe.StripeClient().{_SERVICES}.{{retrieve,list}} stripe.StripeClient().v1.{_SERVICES}.{{retrieve,list}}",
        System.HTTP,
        effect=Effect.READ,
        blocks=True,
        retried=True,
    ),
    Api("stripe.{,http_client.}RequestsClient", System.HTTP, deadline=Deadline(position=0, sane=True)),
    # Braintree: 60 s
    Api(
        "braintree.Transaction.{sale,refund,submit_for_settlement,void} "
        "braintree.BraintreeGateway().transaction.{sale,refund,submit_for_settlement,void} "
        "braintree.{Customer,PaymentMethod,Subscription}.create "
        "braintree.BraintreeGateway().{customer,payment_method,subscription}.create",
        System.HTTP,
        effect=Effect.WRITE,
        blocks=True,
    ),
    Api(
        "braintree.{Transaction,Customer,PaymentMethod,Subscription}.find braintree.ClientToken.generate "
        "braintree.BraintreeGateway().{transaction,customer,payment_method,subscription}.find "
        "braintree.BraintreeGateway().client_token.generate",
        System.HTTP,
        effect=Effect.READ,
        blocks=True,
    ),
    Api("razorpay.{,client.}Client", System.HTTP, makes=Resource.SERVICE_CLIENT),
    Api(
        "razorpay.{,client.}Client().{order,customer,plan,subscription,payment_link,refund,transfer}.create "
        "razorpay.{,client.}Client().payment.{capture,refund}",
        System.HTTP,
        effect=Effect.WRITE,
        blocks=True,
    ),
    Api(
        "razorpay.{,client.}Client().{order,payment,customer,subscription,refund}.{fetch,all}",
        System.HTTP,
        effect=Effect.READ,
        blocks=True,
    ),
    Api(
        "paypalrestsdk.{Payment,Payout,Sale,Order,BillingPlan,BillingAgreement}().{create,execute,refund} "
        "paypalcheckoutsdk.core.PayPalHttpClient().execute",
        System.HTTP,
        effect=Effect.WRITE,
        blocks=True,
    ),
    Api("paypalrestsdk.{Payment,Payout,Sale,Order}.{find,all}", System.HTTP, effect=Effect.READ, blocks=True),
)

IDENTITY = (
    # These keep the tokens and keys that they fetched.
    Api(
        "msal.{,application.}{ConfidentialClientApplication,PublicClientApplication}",
        System.HTTP,
        makes=Resource.SERVICE_CLIENT,
        blocks=True,
        deadline=Deadline(("timeout", "http_client")),
    ),
    Api(
        "msal.{,application.}{ConfidentialClientApplication,PublicClientApplication}().{acquire_token_for_client,"
        "acquire_token_on_behalf_of,acquire_token_by_authorization_code,acquire_token_by_refresh_token,"
        "acquire_token_by_username_password,acquire_token_silent}",
        System.HTTP,
        effect=Effect.READ,
        blocks=True,
        retried=True,
    ),
    Api("jwt.{,jwks_client.}PyJWKClient", System.HTTP, makes=Resource.SERVICE_CLIENT, deadline=_SANE),
    # For five minutes (pyjwt.readthedocs.io/en/stable/api.html, `cache_jwk_set` and `lifespan`).
    Api(
        "jwt.{,jwks_client.}PyJWKClient().{get_signing_key,get_signing_key_from_jwt,get_signing_keys,get_jwk_set}",
        System.HTTP,
        effect=Effect.READ,
        blocks=True,
        kept=True,
    ),
    # It fetches the certificates each time, and waits at most 120 s.
    Api(
        "google.oauth2.id_token.{verify_oauth2_token,verify_firebase_token,verify_token,fetch_id_token}",
        System.HTTP,
        effect=Effect.READ,
        blocks=True,
    ),
    # 60 s
    Api("keycloak.{KeycloakOpenID,KeycloakAdmin}", System.HTTP, makes=Resource.SERVICE_CLIENT, deadline=_SANE),
    Api(
        "keycloak.KeycloakOpenID().{token,refresh_token,introspect,userinfo,well_known,public_key,certs} "
        "keycloak.KeycloakAdmin().{get_user,get_users,get_user_id,get_groups,get_realm_roles}",
        System.HTTP,
        effect=Effect.READ,
        blocks=True,
    ),
    Api(
        "keycloak.KeycloakAdmin().{create_user,update_user,delete_user,set_user_password,send_verify_email,group_user_add}",
        System.HTTP,
        effect=Effect.WRITE,
        blocks=True,
    ),
)

ROWS: tuple[Api, ...] = (*PAYMENTS, *IDENTITY)
