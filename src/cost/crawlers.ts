/** User agents that call themselves bot, crawler, spider or slurp; a regular expression of QuestDB. */
export const crawlerPattern = '(?i)(bot|crawler|spider|slurp)([^a-z]|$)'
