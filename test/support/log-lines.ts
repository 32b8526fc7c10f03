/** Lines of requests that are all different, in the last days. */
export function logLines(name: string, count: number): string {
  return Array.from({ length: count }, (_, i) => {
    const at = new Date(Date.now() - 3_600_000).toUTCString()
    const [, day, month, year, time] = at.split(' ')
    return `owner bucket [${day}/${month}/${year}:${time} +0000] 192.0.2.3 user REQ${i} REST.GET.OBJECT ${name}-${i} "GET /${name}-${i} HTTP/1.1" 200 - 10 10 7 6 "-" "agent" -\n`
  }).join('')
}
