"""Mail, text messages and calls: smtplib, aiosmtplib, Django, Flask, FastAPI, SES, SendGrid, Twilio and others.

Sources: docs.python.org/3/library/smtplib.html, aiosmtplib.readthedocs.io, docs.djangoproject.com/topics/email,
flask-mail.readthedocs.io, sabuhish.github.io/fastapi-mail, www.twilio.com/docs, github.com/sendgrid/sendgrid-python.
"""

from __future__ import annotations

from flake8_scalability.catalog.rows import Api, Deadline, Effect, Resource, System, expand

_MAIL = "sends a mail"
_TEXT = "sends a text message"
_SANE = Deadline(sane=True)

CONNECTIONS = (
    # Its `connect` takes no timeout, so that the constructor must.
    Api("smtplib.SMTP", System.MAIL, makes=Resource.MAIL_CONNECTION, blocks=True, deadline=Deadline(position=3)),
    Api(
        "smtplib.SMTP_SSL",
        System.MAIL,
        makes=Resource.MAIL_CONNECTION,
        blocks=True,
        deadline=Deadline(position=5),
        returns="smtplib.SMTP()",
    ),
    Api("smtplib.SMTP().{connect,ehlo,helo,starttls,login,noop,quit}", System.MAIL, blocks=True),
    Api("smtplib.SMTP().{sendmail,send_message}", System.MAIL, effect=Effect.WRITE, blocks=True, slow=_MAIL),
    # 60 s
    Api("aiosmtplib.send", System.MAIL, effect=Effect.WRITE, deadline=_SANE, slow=_MAIL),
    Api("aiosmtplib.{,smtp.}SMTP", System.MAIL, makes=Resource.MAIL_CONNECTION, deadline=_SANE),
    Api("aiosmtplib.{,smtp.}SMTP().{sendmail,send_message}", System.MAIL, effect=Effect.WRITE, slow=_MAIL),
    Api("yagmail.{,sender.}SMTP", System.MAIL, makes=Resource.MAIL_CONNECTION),
    Api("yagmail.{,sender.}SMTP().send", System.MAIL, effect=Effect.WRITE, blocks=True, slow=_MAIL),
    Api(
        "redmail.EmailSender().send redmail.{gmail,outlook}.send",
        System.MAIL,
        effect=Effect.WRITE,
        blocks=True,
        slow=_MAIL,
    ),
    Api("exchangelib.Message().{send,send_and_save}", System.MAIL, effect=Effect.WRITE, blocks=True, slow=_MAIL),
)

FRAMEWORKS = (
    # Django: the timeout is a setting, EMAIL_TIMEOUT.
    Api(
        "django.core.mail.{send_mail,send_mass_mail,mail_admins,mail_managers} "
        "django.core.mail.{,message.}{EmailMessage,EmailMultiAlternatives}().send "
        "django.core.mail.get_connection().send_messages "
        "anymail.message.{AnymailMessage,EmailMultiAlternatives}().send templated_email.send_templated_mail",
        System.MAIL,
        effect=Effect.WRITE,
        blocks=True,
        slow=_MAIL,
    ),
    Api("django.core.mail.get_connection().{open,close}", System.MAIL, blocks=True),
    # Flask-Mail cannot be given a timeout.
    Api(
        "flask_mail.Mail().{send,send_message} flask_mail.Mail().connect().{send,send_message} "
        "flask_mailman.{send_mail,send_mass_mail} flask_mailman.{EmailMessage,EmailMultiAlternatives}().send",
        System.MAIL,
        effect=Effect.WRITE,
        blocks=True,
        slow=_MAIL,
    ),
    # 60 s, from its configuration
    Api("fastapi_mail.{,fastmail.}FastMail().send_message", System.MAIL, effect=Effect.WRITE, slow=_MAIL),
)

SERVICES = (
    # Amazon SES: retried as everything of botocore
    Api(
        "boto3.client().{send_email,send_raw_email,send_templated_email,send_bulk_email,send_bulk_templated_email} "
        "{mypy,types}_boto3_ses.{,client.}SESClient().{send_email,send_raw_email,send_templated_email}",
        System.MAIL,
        effect=Effect.WRITE,
        blocks=True,
        retried=True,
        slow=_MAIL,
    ),
    Api(
        "aioboto3.Session().client().{send_email,send_raw_email,send_templated_email}",
        System.MAIL,
        effect=Effect.WRITE,
        retried=True,
        slow=_MAIL,
    ),
    # SendGrid opens a connection for each call, so that sharing its client would not help.
    Api(
        "sendgrid.{,sendgrid.}{SendGridAPIClient,SendGridClient}().{send,client.mail.send.post}",
        System.MAIL,
        effect=Effect.WRITE,
        blocks=True,
        slow=_MAIL,
    ),
    Api(
        "postmarker.core.PostmarkClient().emails.{send,send_batch} mailjet_rest.Client().send.create "
        "mailchimp_transactional.Client().messages.{send,send_template} resend.Emails.send resend.Batch.send "
        "{sib_api_v3_sdk,brevo_python}.TransactionalEmailsApi().send_transac_email "
        "sparkpost.SparkPost().transmissions.send mandrill.Mandrill().messages.{send,send_template} "
        "azure.communication.email.EmailClient().begin_send",
        System.MAIL,
        effect=Effect.WRITE,
        blocks=True,
        slow=_MAIL,
    ),
    Api(
        "azure.communication.email.{,aio.}EmailClient azure.communication.sms.{,aio.}SmsClient",
        System.CLOUD,
        makes=Resource.SERVICE_CLIENT,
    ),
    Api(
        "azure.communication.email.EmailClient.from_connection_string",
        System.CLOUD,
        makes=Resource.SERVICE_CLIENT,
        returns="azure.communication.email.EmailClient()",
    ),
    Api(
        "azure.communication.sms.SmsClient.from_connection_string",
        System.CLOUD,
        makes=Resource.SERVICE_CLIENT,
        returns="azure.communication.sms.SmsClient()",
    ),
    Api(
        "azure.communication.sms.SmsClient().send",
        System.CLOUD,
        effect=Effect.WRITE,
        blocks=True,
        retried=True,
        slow=_TEXT,
    ),
)

_TWILIO = "twilio.rest.Client()"

TELEPHONY = (
    # Its HTTP client has no timeout unless it is made with one.
    Api(
        "twilio.rest.{Client,TwilioRestClient}",
        System.HTTP,
        makes=Resource.SERVICE_CLIENT,
        deadline=Deadline(
            nested=("http_client",), nested_position=4, advice="pass http_client=TwilioHttpClient(timeout=10)"
        ),
        returns=_TWILIO,
    ),
    Api("twilio.http.http_client.TwilioHttpClient", System.HTTP, deadline=Deadline(position=2)),
    Api(
        _TWILIO + ".{messages,api.messages,api.account.messages}.create",
        System.HTTP,
        effect=Effect.WRITE,
        blocks=True,
        slow=_TEXT,
    ),
    Api(_TWILIO + ".calls.create", System.HTTP, effect=Effect.WRITE, blocks=True, slow="places a call"),
    Api(
        _TWILIO + ".verify.{services,v2.services}().{verifications,verification_checks}.create",
        System.HTTP,
        effect=Effect.WRITE,
        blocks=True,
    ),
    Api(
        _TWILIO + ".{messages,calls}.{list,stream} " + _TWILIO + ".{messages,calls}().fetch",
        System.HTTP,
        effect=Effect.READ,
        blocks=True,
    ),
    Api(_TWILIO + ".{messages,calls}.create_async", System.HTTP, effect=Effect.WRITE, slow=_TEXT),
    Api(
        "{vonage,nexmo}.{Client,Sms}().{send_message,sms.send_message} vonage.Vonage().sms.send "
        "messagebird.{,client.}Client().message_create plivo.{,rest.}RestClient().messages.create "
        "africastalking.SMS.send telnyx.Message.create sinch.SinchClient().sms.batches.send",
        System.HTTP,
        effect=Effect.WRITE,
        blocks=True,
        slow=_TEXT,
    ),
)

#: Messages that say what a `send` of an unknown object does with them.
MESSAGES = frozenset(
    expand(
        "flask_mail.Message() flask_mailman.{EmailMessage,EmailMultiAlternatives}() "
        "fastapi_mail.{,schemas.}MessageSchema() "
        "email.message.{EmailMessage,MIMEPart}() email.mime.{multipart.MIMEMultipart,text.MIMEText}()"
    )
)
SENDS = frozenset({"send", "send_message", "sendmail"})

ROWS: tuple[Api, ...] = (*CONNECTIONS, *FRAMEWORKS, *SERVICES, *TELEPHONY)
