/** Nouns by which customers name what they talk about, singular and plural; written for this project. */
const nouns = {
  price: `price prices pricing cost costs fee fees charge charges money value expensive cheap pricey
    overpriced affordable bargain`,
  delivery: `delivery deliveries shipping shipment parcel parcels package packages packaging courier
    driver post dispatch arrived`,
  support: `support service agent agents staff team helpdesk hotline reply replies answer answers
    response responses colleague manager chat ticket tickets`,
  quality: `quality material materials build fabric finish workmanship durability`,
  product: `product products item items device battery screen size colour color`,
  usability: `interface design layout usability navigation setup onboarding menu search`,
  reliability: `bug bugs crash crashes outage outages downtime error errors uptime stability`,
  speed: `speed performance loading latency`,
  billing: `invoice invoices billing refund refunds payment payments subscription checkout discount`,
  documentation: `documentation docs guide guides manual tutorial tutorials instructions`,
} as const

export type Topic = keyof typeof nouns

const topics: ReadonlyMap<string, Topic> = new Map(
  (Object.keys(nouns) as Topic[]).flatMap((topic) =>
    nouns[topic].split(/\s+/).map((noun) => [noun, topic] as const),
  ),
)

/** The topic that a word in small letters names, or null. */
export function topicOf(word: string): Topic | null {
  return topics.get(word) ?? null
}
