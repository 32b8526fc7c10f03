import { pages } from '../web/pages.ts'

const links = pages.map(({ path, name }) => `<li><a href="${path}">${name}</a></li>`).join('\n')

/** What a browser is shown where there is no page; nothing of the address stands in it. */
export function missingPage(): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>No such page · SpaceWatch</title>
<style>
body { max-width: 36rem; margin: 4rem auto; padding: 0 1rem; font: 1rem/1.6 system-ui, sans-serif }
</style>
</head>
<body>
<main>
<h1>There is no such page</h1>
<p>SpaceWatch has these pages:</p>
<ul>
${links}
</ul>
<p>The API is described at <a href="/openapi.json">/openapi.json</a>; its metrics are listed at
<a href="/metrics/catalog">/metrics/catalog</a>.</p>
</main>
</body>
</html>
`
}

/** Whether a person looks: browsers ask for HTML by name, clients of the API do not. */
export function readsHtml({ method, headers }: Request): boolean {
  return method === 'GET' && /\btext\/html\b/.test(headers.get('accept') ?? '')
}
