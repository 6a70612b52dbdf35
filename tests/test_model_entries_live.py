"""Entries of everything that is not plain HTTP: who calls `f`, by every way of registration, and who does not."""

from __future__ import annotations

import pytest
from support import model

from flake8_scalability.catalog.rows import Place
from flake8_scalability.model.sites import display_name

TELEGRAM = "from telegram.ext import Application, CommandHandler, ConversationHandler, MessageHandler, filters\n"
AIOGRAM = "from aiogram import Dispatcher, Router\n"
DISCORD = "import discord\nfrom discord.ext import commands\n"
SLACK = "from slack_bolt import App\napp = App()\n"
CELERY = "from celery import Celery\napp = Celery()\n"

#: Why, the source, and the framework that calls `f` (or the method `A.f`).
REQUEST = [
    # GraphQL
    ("a resolver of Graphene", "import graphene\nclass A(graphene.ObjectType):\n def resolve_f(self, _): pass",
     "graphene"),
    ("by its info", "class A(BaseType):\n def resolve_f(root, info): pass", "graphene"),
    ("a mutation", "import graphene\nclass A(graphene.Mutation):\n def mutate(self, i, n): pass", "graphene"),
    ("a loader with a type", "class A(DataLoader[str, App]):\n def batch_load(self, keys): pass", "graphql"),
    ("Strawberry's field", "import strawberry\nclass A:\n @strawberry.field\n def f(self): pass", "strawberry"),
    ("a resolver by keyword", "import strawberry\ndef f(): pass\nclass A:\n x: int = strawberry.field(resolver=f)",
     "strawberry"),
    ("Strawberry's mutation", "import strawberry\nclass A:\n @strawberry.mutation(name='x')\n def f(self): pass",
     "strawberry"),
    ("Ariadne's field", "from ariadne import QueryType\nq = QueryType()\n@q.field('x')\ndef f(*_): pass", "ariadne"),
    ("Ariadne's setter", "from ariadne import ObjectType\nq = ObjectType('X')\ndef f(o, i): pass\nq.set_field('x', f)",
     "ariadne"),
    ("a field of a type made elsewhere", "from ariadne import convert_kwargs_to_snake_case\nfrom .types import query\n"
     "@query.field('x')\ndef f(*_): pass", "ariadne"),
    # Sockets
    ("Channels", "from channels.generic.websocket import AsyncWebsocketConsumer as C\nclass A(C):\n"
     " async def receive(self, text_data): pass", "channels"),
    ("an event of a channel layer", "class A(AsyncJsonWebsocketConsumer):\n async def f(self, event): pass",
     "channels"),
    ("websockets.serve",
     "import websockets\nasync def f(ws): pass\nasync def main():\n await websockets.serve(f, '', 1)",
     "websockets"),
    ("served by a method", "from websockets.asyncio.server import serve\nclass A:\n async def f(self, ws): pass\n"
     " async def run(self):\n  async with serve(self.f, '', 1): pass", "websockets"),
    ("partly applied",
     "import functools\nfrom websockets.sync.server import serve\nclass A:\n def f(self, x, ws): pass\n"
     " def run(self):\n  serve(functools.partial(self.f, 1), port=1)", "websockets"),
    ("asyncio's server", "import asyncio\nasync def f(r, w): pass\nasyncio.start_server(f, '', 1)", "websockets"),
    ("a protocol", "import asyncio\nclass A(asyncio.Protocol):\n def data_received(self, d): pass", "asyncio"),
    ("socketserver", "import socketserver\nclass A(socketserver.StreamRequestHandler):\n def handle(self): pass",
     "socketserver"),
    ("Flask-SocketIO", "from flask_socketio import SocketIO\ns = SocketIO()\n@s.on('x')\ndef f(d): pass", "socketio"),
    ("on_event", "from flask_socketio import SocketIO\ns = SocketIO()\ndef f(d): pass\ns.on_event('x', f)", "socketio"),
    ("python-socketio", "import socketio\ns = socketio.AsyncServer()\n@s.event\nasync def f(sid): pass", "socketio"),
    ("a server made elsewhere", "from .server import sio\n@sio.on('x')\nasync def f(sid): pass", "socketio"),
    ("on() with the handler", "import socketio\ns = socketio.Server()\ndef f(sid): pass\ns.on('x', f)", "socketio"),
    ("a namespace", "import socketio\nclass A(socketio.AsyncNamespace):\n async def on_f(self, sid): pass", "socketio"),
    # Remote procedures
    ("a servicer", "import shop_pb2_grpc\nclass A(shop_pb2_grpc.ShopServicer):\n def F(self, request, context): pass",
     "grpc"),
    ("a servicer that is added", "import shop_pb2_grpc as g\nclass A:\n def F(self, request, context): pass\n"
     "g.add_ShopServicer_to_server(A(), server)", "grpc"),
    ("an interceptor", "import grpc\nclass A(grpc.ServerInterceptor):\n def intercept_service(self, c, d): pass",
     "grpc"),
    ("nameko", "from nameko.rpc import rpc\nclass A:\n @rpc\n def f(self): pass", "nameko"),
    ("nameko's own HTTP", "from nameko.rpc import RpcProxy\nfrom .entrypoints import http\nclass A:\n"
     " @http('GET', '/x')\n def f(self, request): pass", "nameko"),
    ("RPyC", "import rpyc\nclass A(rpyc.Service):\n def exposed_f(self): pass", "rpyc"),
    ("XML-RPC", "from xmlrpc.server import SimpleXMLRPCServer\ns = SimpleXMLRPCServer(('', 1))\ndef f(): pass\n"
     "s.register_function(f, 'f')", "xmlrpc"),
    ("a tool of a model's host", "from fastmcp import FastMCP\nm = FastMCP('x')\n@m.tool()\ndef f(): pass", "mcp"),
    ("a tool of a server of the project", "from fastmcp import Context\nfrom .app import shop_mcp\n@shop_mcp.tool()\n"
     "async def f(c: Context): pass", "mcp"),
    ("the low-level server", "from mcp.server import Server\ns = Server('x')\n@s.call_tool()\nasync def f(n, a): pass",
     "mcp"),
    # Telegram
    ("a command", TELEGRAM + "async def f(update, context): pass\napp.add_handler(CommandHandler('x', f))", "telegram"),
    ("a callback by keyword", TELEGRAM + "def f(u, c): pass\nh = MessageHandler(filters.TEXT, callback=f)", "telegram"),
    ("the states of a conversation", TELEGRAM + "def f(u, c): pass\nh = ConversationHandler([], {1: [MessageHandler("
     "filters.TEXT & ~filters.COMMAND, f)]}, [])", "telegram"),
    ("under a guard", TELEGRAM + "from .auth import admins\ndef f(u, c): pass\nCommandHandler('x', admins(f))",
     "telegram"),
    ("called by a lambda", TELEGRAM + "def f(u, c): pass\nCommandHandler('x', lambda u, c: f(u, c))", "telegram"),
    ("all of the library imported", "from telegram.ext import *\nimport telegram\ndef f(u, c): pass\n"
     "d.add_handler(CommandHandler('x', f))", "telegram"),
    ("an error handler", TELEGRAM + "def f(u, c): pass\napp.add_error_handler(f)", "telegram"),
    ("registered by another file", "from telegram import Update\nasync def f(update: Update, context): pass",
     "telegram"),
    ("aiogram", AIOGRAM + "router = Router()\n@router.message()\nasync def f(m): pass", "aiogram"),
    ("aiogram 2", "from .loader import dp\n@dp.message_handler(commands=['x'])\nasync def f(m): pass", "aiogram"),
    ("register", AIOGRAM + "r = Router()\nasync def f(m): pass\nr.callback_query.register(f, 1)", "aiogram"),
    ("register_message_handler", "def setup(dp):\n dp.register_message_handler(f, state='*')\nasync def f(m): pass",
     "aiogram"),
    ("middleware of aiogram", "from aiogram import BaseMiddleware\nclass A(BaseMiddleware):\n"
     " async def __call__(self, handler, event, data): pass", "aiogram"),
    ("telebot", "import telebot\nb = telebot.TeleBot('')\n@b.message_handler(commands=['x'])\ndef f(m): pass",
     "telebot"),
    ("the next step", "from .loader import bot\ndef f(m): pass\ndef g(m):\n bot.register_next_step_handler(m, f)",
     "telebot"),
    ("pyrogram", "from pyrogram import Client\n@Client.on_message()\nasync def f(c, m): pass", "pyrogram"),
    ("a client of the project", "from shop import app\n@app.on_callback_query()\nasync def f(_, q): pass", "pyrogram"),
    ("telethon", "from telethon import events\nfrom .bot import client\n@client.on(events.NewMessage())\n"
     "async def f(e): pass", "telethon"),
    ("an event handler", "from telethon import TelegramClient, events\nc = TelegramClient('', 1, '')\n"
     "async def f(event): pass\nc.add_event_handler(f, events.NewMessage())", "telethon"),
    # Discord
    ("a command of Discord", DISCORD + "class A(commands.Cog):\n @commands.command()\n async def f(self, ctx): pass",
     "discord"),
    ("a listener", DISCORD + "class A(commands.Cog):\n @commands.Cog.listener()\n async def on_message(self, m): pass",
     "discord"),
    ("an event", DISCORD + "bot = commands.Bot('!')\n@bot.event\nasync def on_message(m): pass", "discord"),
    ("an event of a client's own", "import discord\nclass A(discord.Client):\n async def on_message(self, m): pass",
     "discord"),
    ("a slash command", DISCORD + "tree = discord.app_commands.CommandTree(c)\n@tree.command()\nasync def f(i): pass",
     "discord"),
    ("py-cord", "import discord\nclass A(discord.Cog):\n @discord.slash_command()\n async def f(self, ctx): pass",
     "discord"),
    ("disnake", "import disnake\nfrom disnake.ext import commands\nclass A(commands.Cog):\n @commands.slash_command()\n"
     " async def f(self, inter): pass", "discord"),
    ("nextcord", "import nextcord\n@nextcord.slash_command(description='x')\nasync def f(inter): pass", "discord"),
    ("a command of a group", DISCORD + "class A(commands.Cog):\n @commands.group()\n async def g(self, ctx): pass\n"
     " @g.command()\n async def f(self, ctx): pass", "discord"),
    ("an error of a command",
     DISCORD + "@commands.command()\nasync def g(ctx): pass\n@g.error\nasync def f(c, e): pass",
     "discord"),
    ("a button", "import discord\nclass A(discord.ui.View):\n @discord.ui.button(label='x')\n"
     " async def f(self, i, b): pass", "discord"),
    ("a callback of a component", "import discord\nclass A(discord.ui.Button):\n async def callback(self, i): pass",
     "discord"),
    ("a callback that is assigned", "import discord\nasync def f(i): pass\nb = discord.ui.Button()\nb.callback = f",
     "discord"),
    ("a view of the project", "import discord\nfrom .ui import Base\nclass A(Base):\n"
     " async def interaction_check(self, interaction) -> bool: pass", "discord"),
    ("a converter", "import discord\nfrom .base import Base\nclass A(Base):\n"
     " async def convert(self, ctx, argument): pass", "discord"),
    # Slack and others
    ("Slack", SLACK + "@app.event('app_mention')\ndef f(event, say): pass", "slack"),
    ("a listener that is applied", SLACK + "def f(ack): pass\napp.command('/x')(f)", "slack"),
    ("lazy listeners", SLACK + "def g(ack): pass\ndef f(say): pass\napp.event('message')(ack=g, lazy=[f])", "slack"),
    ("an application that is handed in", "from slack_bolt import App\ndef register(app: App):\n"
     " app.shortcut('x')(f)\ndef f(ack): pass", "slack"),
    ("LINE", "from linebot import WebhookHandler\nh = WebhookHandler('')\n@h.add(1)\ndef f(e): pass", "line"),
    ("Chainlit", "import chainlit as cl\n@cl.on_message\nasync def f(m): pass", "chainlit"),
    # Clouds
    ("an Azure function", "import azure.functions as func\napp = func.FunctionApp()\n@app.route(route='x')\n"
     "def f(req): pass", "azure-functions"),
    ("an Azure function of old", "import azure.functions as func\ndef main(req: func.HttpRequest): pass",
     "azure-functions"),
    ("a Google function", "import functions_framework\n@functions_framework.http\ndef f(request): pass",
     "google-functions"),
    ("Firebase", "from firebase_functions import https_fn\n@https_fn.on_call()\ndef f(req): pass", "firebase"),
    ("a Lambda handler", "def lambda_handler(event, _): pass", "aws-lambda"),
    ("powertools", "from aws_lambda_powertools.event_handler import APIGatewayRestResolver\n"
     "app = APIGatewayRestResolver()\n@app.get('/x')\ndef f(): pass", "aws-lambda"),
    ("a resolver of the project", "from aws_lambda_powertools import Logger\nfrom .app import URL, app\n"
     "@app.post(URL)\ndef f(): pass", "aws-lambda"),
    ("chalice", "from chalice import Chalice\napp = Chalice('x')\n@app.route('/x')\ndef f(): pass", "chalice"),
    # Interfaces
    ("a callback of Streamlit", "import streamlit as st\ndef f(): pass\nst.button('x', on_click=f)", "streamlit"),
    ("a callback of Gradio", "import gradio as gr\ndef f(x): pass\nbutton.click(f, [], [])", "gradio"),
    ("a callback in a dict", "import gradio as gr\ndef f(x): pass\nargs = dict(fn=f, inputs=[])", "gradio"),
]  # fmt: skip

WORKER = [
    ("a task of Celery", CELERY + "@app.task(bind=True)\ndef f(self): pass", "celery"),
    ("a shared task", "from celery import shared_task\n@shared_task\ndef f(): pass", "celery"),
    ("a task of an application made elsewhere", "from shop.celery import app\n@app.task\ndef f(): pass", "celery"),
    ("a task that is applied", CELERY + "def f(): pass\ntask = app.task(f)", "celery"),
    ("a task's class", "import celery\nclass A(celery.Task):\n def run(self): pass", "celery"),
    ("a signal of a task", "from celery.signals import task_failure\n@task_failure.connect\ndef f(**k): pass",
     "celery"),
    ("RQ's job", "from rq.decorators import job\n@job('low', connection=c)\ndef f(): pass", "rq"),
    ("a job of the project's worker", "from shop.worker import job\n@job('low')\ndef f(): pass", "rq"),
    ("enqueued", "from rq import Queue\nq = Queue(connection=r)\ndef f(): pass\ndef g():\n q.enqueue(f, 1)", "rq"),
    ("enqueued for later", "from .q import queue\ndef f(): pass\ndef g():\n queue.enqueue_in(delta, f)", "rq"),
    ("Django-Q", "from django_q.tasks import async_task\ndef f(): pass\ndef g():\n async_task(f, 1)", "django-q"),
    ("an actor", "import dramatiq\n@dramatiq.actor(max_retries=3)\ndef f(): pass", "dramatiq"),
    ("an actor of the project", "from shop.worker import actor\n@actor(actor_name='x')\nasync def f(): pass",
     "dramatiq"),
    ("an actor's class", "import dramatiq\nclass A(dramatiq.GenericActor):\n def perform(self): pass", "dramatiq"),
    ("Huey", "from huey import RedisHuey\nhuey = RedisHuey()\n@huey.task()\ndef f(): pass", "huey"),
    ("Huey in Django", "from huey.contrib.djhuey import db_periodic_task\n@db_periodic_task(1)\ndef f(): pass", "huey"),
    ("arq's list", "async def f(ctx): pass\nclass WorkerSettings:\n functions = [f]", "arq"),
    ("arq's wrappers", "from arq import cron\nfrom arq.worker import func\nasync def f(ctx): pass\n"
     "class WorkerSettings:\n functions = [func(f, name='x')]", "arq"),
    ("arq's clock", "from arq import cron\nasync def f(ctx): pass\nclass Settings:\n cron_jobs = [cron(f, hour=1)]",
     "arq"),
    ("a job of arq that another file lists", "from arq import Retry\nasync def f(ctx, user_id: int): pass", "arq"),
    ("saq's settings", "import saq\nasync def f(ctx): pass\nsettings = {'queue': q, 'functions': [f]}", "saq"),
    ("saq's clock", "from saq import CronJob\nasync def f(ctx): pass\nsettings = {'cron_jobs': [CronJob(f, cron='')]}",
     "saq"),
    ("taskiq",
     "from taskiq_redis import ListQueueBroker\nbroker = ListQueueBroker()\n@broker.task\nasync def f(): pass",
     "taskiq"),
    ("procrastinate", "import procrastinate\napp = procrastinate.App(connector=c)\n@app.task(queue='x')\ndef f(): pass",
     "procrastinate"),
    ("a consumer of pika", "import pika\ndef f(c, m, p, b): pass\nchannel.basic_consume('q', f)", "amqp"),
    ("a consumer of aio-pika", "import aio_pika\nasync def f(m): pass\nasync def main(queue):\n await queue.consume(f)",
     "amqp"),
    ("FastStream", "from faststream.rabbit import RabbitBroker\nb = RabbitBroker()\n@b.subscriber('x')\n"
     "async def f(m): pass", "faststream"),
    ("a subscriber that is applied", "from .broker import router\nasync def f(m): pass\nrouter.subscriber('x')(f)",
     "faststream"),
    ("Faust", "import faust\napp = faust.App('x')\n@app.agent(topic)\nasync def f(stream): pass", "faust"),
    ("an agent of an application made elsewhere", "from shop import app\n@app.agent(topic)\nasync def f(s): pass",
     "faust"),
    ("nameko's event", "from nameko.events import event_handler\nclass A:\n @event_handler('a', 'b')\n"
     " def f(self, p): pass", "nameko"),
    ("an MQTT client", "import paho.mqtt.client as mqtt\ndef f(c, u, m): pass\nc = mqtt.Client()\nc.on_message = f",
     "mqtt"),
    ("a client of Socket.IO", "import socketio\nc = socketio.Client()\n@c.on('x')\ndef f(d): pass", "socketio"),
    ("add_job", "def f(): pass\ndef g(scheduler):\n scheduler.add_job(f, 'interval')", "apscheduler"),
    ("scheduled_job", "@scheduler.scheduled_job('cron')\ndef f(): pass", "apscheduler"),
    ("schedule", "import schedule\ndef f(): pass\nschedule.every().day.at('1').do(f)", "schedule"),
    ("schedule, by a method", "import schedule\nclass A:\n def f(self): pass\n def g(self):\n"
     "  schedule.every(5).minutes.do(self.f, 1)", "schedule"),
    ("aiocron", "import aiocron\n@aiocron.crontab('* * * * *')\nasync def f(): pass", "aiocron"),
    ("rocketry", "from rocketry import Rocketry\napp = Rocketry()\n@app.task('every 5 s')\ndef f(): pass", "rocketry"),
    ("repeat_every",
     "from fastapi_utils.tasks import repeat_every\n@app.on_event('startup')\n@repeat_every(seconds=1)\n"
     "def f(): pass", "fastapi"),
    ("a loop of Discord", "from discord.ext import tasks\n@tasks.loop(minutes=1)\nasync def f(): pass", "discord"),
    ("a job queue of Telegram", TELEGRAM + "async def f(c): pass\napp.job_queue.run_daily(f, 1)", "telegram"),
    ("a task of Airflow", "from airflow.decorators import task\n@task\ndef f(): pass", "airflow"),
    ("a task of another kind", "from airflow.decorators import task\n@task.branch(task_id='x')\ndef f(): pass",
     "airflow"),
    ("an operator's callable", "from airflow.operators.python import PythonOperator\ndef f(): pass\n"
     "t = PythonOperator(task_id='x', python_callable=f)", "airflow"),
    ("an operator",
     "from airflow.models import BaseOperator\nclass A(BaseOperator):\n def execute(self, context): pass",
     "airflow"),
    ("Prefect", "from prefect import flow\n@flow(name='x')\ndef f(): pass", "prefect"),
    ("Dagster", "import dagster as dg\n@dg.asset\ndef f(): pass", "dagster"),
    ("Luigi", "import luigi\nclass A(luigi.Task):\n def run(self): pass", "luigi"),
    ("a task of the project's own", "import luigi\nfrom .base import Base\nclass A(Base):\n def run(self): pass",
     "luigi"),
    ("a timer of Azure", "import azure.functions as func\nbp = func.Blueprint()\n@bp.function_name('x')\n"
     "@bp.timer_trigger(schedule='')\ndef f(t): pass", "azure-functions"),
    ("a queue of Azure of old", "import azure.functions as func\ndef main(msg: func.QueueMessage): pass",
     "azure-functions"),
    ("a cloud event", "import functions_framework\n@functions_framework.cloud_event\ndef f(e): pass",
     "google-functions"),
    ("a document of Firebase", "from firebase_functions import firestore_fn\n"
     "@firestore_fn.on_document_created(document='x')\ndef f(e): pass", "firebase"),
    ("chalice's clock", "from chalice import Chalice\napp = Chalice('x')\n@app.schedule('x')\ndef f(e): pass",
     "chalice"),
    ("modal", "import modal\napp = modal.App()\n@app.function()\ndef f(): pass", "modal"),
    ("Temporal", "from temporalio import activity\n@activity.defn\nasync def f(): pass", "temporal"),
]  # fmt: skip

STARTUP = [
    ("a worker's start",
     "from celery.signals import worker_process_init\n@worker_process_init.connect\ndef f(**k): pass",
     "celery"),
    ("the set-up of schedules", CELERY + "@app.on_after_configure.connect\ndef f(sender, **k): pass", "celery"),
    ("post_init", TELEGRAM + "async def f(app): pass\nApplication.builder().token('').post_init(f).build()",
     "telegram"),
    ("post_init that is assigned", TELEGRAM + "async def f(app): pass\napplication.post_init = f", "telegram"),
    ("aiogram's start", AIOGRAM + "dp = Dispatcher()\n@dp.startup()\nasync def f(): pass", "aiogram"),
    ("aiogram's start, registered", AIOGRAM + "dp = Dispatcher()\nasync def f(): pass\ndp.startup.register(f)",
     "aiogram"),
    ("on_startup of a poller", "from aiogram import executor\nasync def f(dp): pass\n"
     "executor.start_polling(dp, on_startup=f)", "aiogram"),
    ("on_ready", DISCORD + "bot = commands.Bot('!')\n@bot.event\nasync def on_ready(): pass", "discord"),
    ("on_ready of a cog",
     DISCORD + "class A(commands.Cog):\n @commands.Cog.listener()\n async def on_ready(self): pass",
     "discord"),
    ("on_ready of a client", "import discord\nclass A(discord.Client):\n async def on_ready(self): pass", "discord"),
    ("setup_hook", DISCORD + "class A(commands.Bot):\n async def setup_hook(self): pass", "discord"),
    ("before a loop", "from discord.ext import tasks\n@tasks.loop(minutes=1)\nasync def g(): pass\n@g.before_loop\n"
     "async def f(): pass", "discord"),
    ("arq's start", "async def f(ctx): pass\nclass WorkerSettings:\n on_startup = f", "arq"),
    ("taskiq's start",
     "from taskiq import TaskiqEvents\nfrom .b import broker\n@broker.on_event(1)\nasync def f(s): pass",
     "taskiq"),
    ("FastStream's start",
     "from faststream import FastStream\napp = FastStream(b)\n@app.after_startup\nasync def f(): pass",
     "faststream"),
    ("a DAG", "from airflow.decorators import dag\n@dag(dag_id='x')\ndef f(): pass", "airflow"),
    ("a DAG whose decorator's name is taken", "from airflow.decorators import dag\n@dag()\ndef f(): pass\ndag = f()",
     "airflow"),
    ("modal's start", "import modal\nclass A:\n @modal.enter()\n def f(self): pass", "modal"),
    ("a list of hooks", "from starlette.applications import Starlette\ndef f(): pass\na = Starlette(on_startup=[f])",
     "any"),
    ("aiohttp's hooks", "async def f(app): pass\napp.on_startup.append(f)", "any"),
    ("an event handler of start-up", "def f(): pass\napp.add_event_handler('startup', f)", "any"),
]  # fmt: skip

TOOL = [
    ("a management command", "from django.core.management.base import BaseCommand\nclass A(BaseCommand):\n"
     " def handle(self, *args, **options): pass", "django"),
    ("a command of the project's own base", "from .base import Base\nclass A(Base):\n"
     " def handle(self, *args, **options): pass", "django"),
    ("Flask's command", "from shop import app\n@app.cli.command('x')\ndef f(): pass", "click"),
    ("click", "import click\n@click.command()\ndef f(): pass", "click"),
    ("a command of a group of click", "import click\n@click.group()\ndef g(): pass\n@g.command()\ndef f(): pass",
     "click"),
    ("a group beside a bot", "import click\nimport discord\n@click.group()\ndef g(): pass\n@g.command()\ndef f(): pass",
     "click"),
    ("typer", "import typer\napp = typer.Typer()\n@app.command()\ndef f(): pass", "click"),
    ("fire", "import fire\ndef f(): pass\nfire.Fire(f)", "click"),
    ("a sub-command of argparse", "import argparse\ndef f(a): pass\np.set_defaults(func=f)", "argparse"),
    ("modal's entry", "import modal\napp = modal.App()\n@app.local_entrypoint()\ndef f(): pass", "modal"),
]  # fmt: skip

SILENT = [
    ("a list of functions", "def f(): pass\nhandlers = []\nhandlers.append(f)"),
    ("on() of something else", "@emitter.on('x')\ndef f(): pass"),
    ("a message of something else", "@router.message('x')\ndef f(): pass"),
    ("register of something else", "def f(): pass\nregistry.register(f)"),
    ("an event of something else", "from .bus import bus\n@bus.event\ndef f(): pass"),
    ("command() of another object", "import redis\ndef f(): pass\nclient.register_script(f)"),
    ("a click of something else", "from selenium import webdriver\ndef f(): pass\nelement.click(f)"),
    ("fn of something else", "import torch\ndef f(): pass\nDataLoader(fn=f)"),
    ("an update of something else", "def f(update, context): pass"),
    ("a helper that a handler asks", "from telegram import Update\nasync def f(update, context) -> bool: pass"),
    ("a helper that takes more", "from telegram import Update\nasync def f(update, context, text): pass"),
    ("an event that is no Telegram's", "async def f(event): pass"),
    ("a loader of something else",
     "from torch.utils.data import DataLoader\nclass A(DataLoader):\n def f(self, k): pass"),
    ("a helper of a servicer", "import shop_pb2_grpc\nclass A(shop_pb2_grpc.ShopServicer):\n"
     " @staticmethod\n def f(client, address, text): pass"),
    ("a stub", "import shop_pb2_grpc\nclass A:\n def f(self):\n  shop_pb2_grpc.ShopStub(c).F(1)"),
    ("a method of Strawberry's type that is no field", "import strawberry\n@strawberry.type\nclass A:\n"
     " def f(self): pass"),
    ("a helper of Graphene's type", "import graphene\nclass A(graphene.ObjectType):\n def f(self): pass"),
    ("a helper of a consumer", "class A(AsyncWebsocketConsumer):\n async def _f(self): pass"),
    ("a helper of a cog", DISCORD + "class A(commands.Cog):\n async def f(self, guild): pass"),
    ("a namespace of argparse", "from argparse import Namespace\nclass A(Namespace):\n def on_f(self): pass"),
    ("functions of a class that is no worker's", "def f(): pass\nclass Settings:\n functions = [f]"),
    ("a coroutine with a context of something else", "async def f(ctx): pass"),
    ("run of something else", "class A(Base):\n def run(self): pass"),
    ("subscribe of something else", "def f(x): pass\nobservable.subscribe(f)"),
    ("consume of something else", "def f(x): pass\nbuffer.consume(f)"),
    ("a callback of something else", "def f(x): pass\nwidget.callback = f"),
    ("a task of asyncio", "import asyncio\nasync def f(): pass\nasync def g():\n asyncio.create_task(f())"),
    ("an attribute of a property", "class A:\n @property\n def f(self): pass\n @f.setter\n def f(self, v): pass"),
    ("main of something else", "def main(req): pass"),
    ("a handler of something else", "import logging\nclass A(logging.Handler):\n def emit(self, record): pass"),
    ("a decorator that is called like one", "def tool(f): return f\n@tool\ndef f(): pass"),
    ("a helper of an operator", "from airflow.models import BaseOperator\nclass A(BaseOperator):\n def f(self): pass"),
    ("resolver of something else", "def f(h): pass\nconnector = Connector(resolver=f)"),
    ("what a lambda calls on its way", "import gradio as gr\ndef f(): pass\nb.click(fn=lambda: gr.Radio(choices=f()))"),
    ("a dict of something else", "def f(): pass\nsettings = {'functions': [f]}"),
]  # fmt: skip


def entry(source: str) -> tuple[Place, str] | None:
    """Return the place and framework of the last function that a framework calls, by its last name `f` or a hook's."""
    file = model(source)
    wanted = {function for function in file.places.handlers if display_name(function).rpartition(".")[2] != "g"}
    places = {(file.places.handlers[function].place, file.places.handlers[function].framework) for function in wanted}
    return places.pop() if len(places) == 1 else None


@pytest.mark.parametrize(("source", "framework"), [pytest.param(s, f, id=w) for w, s, f in REQUEST])
def test_request_path(source: str, framework: str) -> None:
    assert entry(source) == (Place.REQUEST, framework)


@pytest.mark.parametrize(("source", "framework"), [pytest.param(s, f, id=w) for w, s, f in WORKER])
def test_worker(source: str, framework: str) -> None:
    assert entry(source) == (Place.WORKER, framework)


@pytest.mark.parametrize(("source", "framework"), [pytest.param(s, f, id=w) for w, s, f in STARTUP])
def test_start_up(source: str, framework: str) -> None:
    assert entry(source) == (Place.STARTUP, framework)


@pytest.mark.parametrize(("source", "framework"), [pytest.param(s, f, id=w) for w, s, f in TOOL])
def test_tool(source: str, framework: str) -> None:
    assert entry(source) == (Place.TOOL, framework)


@pytest.mark.parametrize("source", [pytest.param(s, id=w) for w, s in SILENT])
def test_near_misses_are_nobodys(source: str) -> None:
    assert model(source).places.handlers == {}


def test_what_a_consumer_calls_itself_is_reached_but_no_handler() -> None:
    file = model(
        "class A(AsyncWebsocketConsumer):\n async def receive(self, text_data): await self.load()\n"
        " async def load(self): pass"
    )
    (owner,) = [scope for scope in file.scopes if scope.is_class]
    names = {method.name: method for method in owner.inner}
    assert set(file.places.handlers) == {names["receive"]}
    assert file.places.of(names["load"]).via is names["receive"]
