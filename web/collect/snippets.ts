/** What to paste where, with the address of this server and the write key of the source. */

export interface Snippet {
  readonly id: string
  readonly label: string
  readonly code: string
}

const bodies = {
  track: `{
    "userId": "ada",
    "event": "Order Completed",
    "properties": { "order_id": "1001", "total": 49.00, "currency": "EUR" }
  }`,
  group: `{
    "userId": "ada",
    "groupId": "analytical-engines",
    "traits": { "name": "Analytical Engines", "industry": "machines" }
  }`,
} as const
export type FirstCall = keyof typeof bodies

export function curlSnippet(host: string, writeKey: string, call: FirstCall = 'track'): string {
  return `curl ${host}/v1/${call} \\
  -u ${writeKey}: \\
  -H 'content-type: application/json' \\
  -d '${bodies[call]}'`
}

export function snippets(host: string, writeKey: string): readonly Snippet[] {
  return [
    {
      id: 'website',
      label: 'Website',
      code: `<script src="${host}/rapport.js" data-write-key="${writeKey}" defer></script>

<!-- And where someone signs in: -->
<script type="module">
  rapport.identify('user-1024', { email: 'ada@example.com', name: 'Ada' })
</script>`,
    },
    { id: 'curl', label: 'curl', code: curlSnippet(host, writeKey) },
    {
      id: 'node',
      label: 'Node (Segment)',
      code: `import { Analytics } from '@segment/analytics-node'

const analytics = new Analytics({ writeKey: '${writeKey}', host: '${host}' })

analytics.identify({ userId: 'ada', traits: { email: 'ada@example.com', name: 'Ada' } })
analytics.track({ userId: 'ada', event: 'Trial Started' })
await analytics.closeAndFlush()`,
    },
    {
      id: 'browser',
      label: 'Browser (Segment)',
      code: `import { AnalyticsBrowser } from '@segment/analytics-next'

const { protocol, host } = new URL('${host}')
const analytics = AnalyticsBrowser.load(
  {
    writeKey: '${writeKey}',
    cdnSettings: { integrations: { 'Segment.io': {} } },
  },
  {
    integrations: {
      'Segment.io': { apiHost: \`\${host}/v1\`, protocol: protocol.replace(':', '') },
    },
  },
)

analytics.page()`,
    },
    {
      id: 'python',
      label: 'Python (Segment)',
      code: `import segment.analytics as analytics

analytics.write_key = '${writeKey}'
analytics.host = '${host}'

analytics.identify('ada', { 'email': 'ada@example.com', 'name': 'Ada' })
analytics.track('ada', 'Review', { 'rating': 5, 'text': 'They keep their word.' })`,
    },
  ]
}
