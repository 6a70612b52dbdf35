"""Browsers: those that a program drives (a page load takes a second or so), and push messages to those of users.

Sources: playwright.dev/python, pyppeteer.github.io, selenium.dev, github.com/web-push-libs/pywebpush.
"""

from __future__ import annotations

from flake8_scalability.catalog.rows import Api, Deadline, Effect, System

_BROWSER = "drives a browser"
_PAGE = "{goto,reload,pdf,screenshot,set_content,wait_for_timeout}"

ROWS: tuple[Api, ...] = (
    # Playwright: every wait ends after 30 s by default.  All objects get the paths of their classes.
    Api("playwright.sync_api.sync_playwright", System.PROCESS, returns="playwright.sync_api.Playwright()"),
    Api("playwright.async_api.async_playwright", System.PROCESS, returns="playwright.async_api.Playwright()"),
    Api(
        "playwright.sync_api.Playwright().start",
        System.PROCESS,
        blocks=True,
        returns="playwright.sync_api.Playwright()",
    ),
    Api("playwright.async_api.Playwright().start", System.PROCESS, returns="playwright.async_api.Playwright()"),
    Api(
        "playwright.sync_api.Playwright().{chromium,firefox,webkit}.{launch,connect,connect_over_cdp}",
        System.PROCESS,
        blocks=True,
        slow=_BROWSER,
        returns="playwright.sync_api.Browser()",
    ),
    Api(
        "playwright.async_api.Playwright().{chromium,firefox,webkit}.{launch,connect,connect_over_cdp}",
        System.PROCESS,
        slow=_BROWSER,
        returns="playwright.async_api.Browser()",
    ),
    Api(
        "playwright.sync_api.Browser().new_context",
        System.PROCESS,
        blocks=True,
        returns="playwright.sync_api.BrowserContext()",
    ),
    Api("playwright.async_api.Browser().new_context", System.PROCESS, returns="playwright.async_api.BrowserContext()"),
    Api(
        "playwright.sync_api.{Browser,BrowserContext}().new_page",
        System.PROCESS,
        blocks=True,
        returns="playwright.sync_api.Page()",
    ),
    Api(
        "playwright.async_api.{Browser,BrowserContext}().new_page",
        System.PROCESS,
        returns="playwright.async_api.Page()",
    ),
    Api("playwright.sync_api.Page()." + _PAGE, System.PROCESS, blocks=True, slow=_BROWSER),
    Api("playwright.async_api.Page()." + _PAGE, System.PROCESS, slow=_BROWSER),
    Api("pyppeteer.{,launcher.}launch", System.PROCESS, slow=_BROWSER, returns="pyppeteer.launch()"),
    Api("pyppeteer.launch().newPage().{goto,pdf,screenshot,setContent}", System.PROCESS, slow=_BROWSER),
    # Selenium: making the driver starts the browser; a page load is bounded by 300 s.
    Api(
        "selenium.webdriver.{Chrome,Firefox,Edge,Safari,Ie,Remote}",
        System.PROCESS,
        blocks=True,
        slow=_BROWSER,
        returns="selenium.webdriver.Chrome()",
    ),
    Api(
        "{undetected_chromedriver,seleniumwire.webdriver}.{Chrome,Firefox}",
        System.PROCESS,
        blocks=True,
        slow=_BROWSER,
        returns="selenium.webdriver.Chrome()",
    ),
    Api(
        "selenium.webdriver.Chrome().{get,refresh,back,print_page,save_screenshot,get_screenshot_as_png}",
        System.PROCESS,
        blocks=True,
        slow=_BROWSER,
    ),
    Api(
        "selenium.webdriver.support.{ui,wait}.WebDriverWait().{until,until_not}",
        System.PROCESS,
        blocks=True,
        slow=_BROWSER,
    ),
    Api(
        "splinter.Browser html2image.Html2Image().screenshot requests_html.HTMLSession().get().html.render",
        System.PROCESS,
        blocks=True,
        slow=_BROWSER,
    ),
    Api("scrapy.crawler.CrawlerProcess().start", System.HTTP, blocks=True, slow="crawls a site"),
    # Web Push: requests or aiohttp inside, the first without a timeout of its own.
    Api(
        "pywebpush.webpush",
        System.HTTP,
        effect=Effect.WRITE,
        blocks=True,
        deadline=Deadline(position=6),
        slow="sends a push message",
    ),
    Api("pywebpush.webpush_async", System.HTTP, effect=Effect.WRITE, slow="sends a push message"),
)
