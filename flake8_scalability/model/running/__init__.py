"""Where and how often code runs: places, handlers, scripts, tools, start-up."""
