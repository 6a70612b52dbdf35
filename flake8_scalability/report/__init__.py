"""From the findings of a run to its report: Markdown for people, SARIF for code-scanning services."""
