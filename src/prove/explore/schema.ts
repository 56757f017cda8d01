/** What can be asked, in words, and questions to begin with. */
import type { ExploreSchema } from '../../domain/explore-view.ts'

type View = Omit<ExploreSchema['views'][number], 'columns'> & {
  readonly columns: Readonly<Record<string, string>>
}

export const views: readonly View[] = [
  {
    name: 'history',
    about: 'One row a touchpoint: everything that anybody did or that happened to them; no robots.',
    columns: {
      party_id: 'Whose touchpoint it is today; joins with parties and moves.',
      occurred_at: 'When it happened, in UTC.',
      kind: 'What it is in our words, such as page_viewed, purchase, review, referral.',
      event: 'What the source called it, such as Order Completed.',
      channel: 'Where it happened or came from, such as organic_search, email, support.',
      amount_minor: 'Money in minor units (cents) of its currency.',
      currency: 'Such as EUR; empty where there is no money.',
      score: 'A judgement by the customer from 0 to 1, such as stars or a survey.',
      sentiment: 'How the customer’s words sound, from -1 to 1.',
      campaign: 'Name of the campaign that brought the visit.',
      campaign_source: 'Source of the campaign, such as google.',
      content: 'Title or address of what was read, watched or opened.',
      series: 'Series that the content belongs to.',
      topic: 'Topic of the content or question.',
      product: 'Id of the product.',
      referral_code: 'Code of a recommendation: made by the one, carried by the other.',
      response_minutes: 'Minutes until a ticket was answered, where its source told them.',
      source_id: 'Which source sent it.',
      type: 'Segment call: track, page, screen, identify, group.',
      properties: 'All that came with it, as JSON: JSONExtractString(properties, ‘plan’).',
      context: 'Browser, page, campaign, as JSON.',
      received_at: 'When it reached us.',
      subject_id: 'The identifier that it carried, as a number.',
      id: 'Of the touchpoint.',
      batch: 'Which copy brought it to this store.',
      bot: 'Always false here.',
    },
  },
  {
    name: 'parties',
    about: 'One row a person or account, as it stands now.',
    columns: {
      party_id: 'Joins with history and moves.',
      kind: 'person or account.',
      name: 'As it is shown; empty where nobody told it.',
      rung: 'Rung of the ladder.',
      rung_since: 'Since when.',
      health: 'green, yellow or red; empty where health does not apply.',
      health_since: 'Since when.',
      persona: 'The persona that fits best.',
      persona_fit: 'How well, from 0 to 1.',
      accounts: 'Accounts that a person belongs to.',
      traits: 'What is known of them, as JSON.',
      version: 'Rises with every change.',
      alive: 'Always true here.',
      move_at: 'When each move was made; better read from moves.',
      move_what: 'What moved, beside move_at.',
      move_from: 'From where, beside move_at.',
      move_to: 'To where, beside move_at.',
      move_direction: 'Up 1 or down -1, beside move_at.',
    },
  },
  {
    name: 'moves',
    about: 'One row a change of rung or health.',
    columns: {
      party_id: 'Who moved.',
      kind: 'person or account.',
      persona: 'The persona that fits best now.',
      persona_fit: 'How well, from 0 to 1.',
      at: 'When.',
      what: 'rung or health.',
      from_value: 'Where they were; empty where they entered.',
      to_value: 'Where they went.',
      direction: '1 up, -1 down, 0 neither.',
    },
  },
]

export const examples: ExploreSchema['examples'] = [
  {
    title: 'Touchpoints by week',
    sql: `select toMonday(occurred_at) as week, count() as touchpoints, uniq(party_id) as people
from history
group by week
order by week`,
  },
  {
    title: 'Which channels bring buyers',
    sql: `select first_channel, count() as people, sum(bought) as buyers, round(avg(bought), 3) as share
from (
  select party_id, argMin(channel, occurred_at) as first_channel,
    max(kind in ('purchase', 'subscription_started')) as bought
  from history
  group by party_id
)
group by first_channel
order by buyers desc`,
  },
  {
    title: 'Where people stand',
    sql: `select rung, health, count() as people
from parties
where kind = 'person'
group by rung, health
order by people desc`,
  },
  {
    title: 'Who rose this month',
    sql: `select p.name, m.from_value, m.to_value, m.at
from moves as m
join parties as p on p.party_id = m.party_id
where m.what = 'rung' and m.direction > 0 and m.at > now() - interval 30 day
order by m.at desc
limit 100`,
  },
  {
    title: 'What is read before a trial',
    sql: `select content, uniq(party_id) as people
from history
where kind in ('content_viewed', 'page_viewed') and party_id in (
  select party_id from history where kind = 'trial_started'
)
group by content
order by people desc
limit 20`,
  },
  {
    title: 'Money by month and currency',
    sql: `select toStartOfMonth(occurred_at) as month, currency, sum(amount_minor) / 100 as amount
from history
where kind in ('purchase', 'subscription_started', 'subscription_renewed') and currency != ''
group by month, currency
order by month`,
  },
  {
    title: 'Words of the unhappy',
    sql: `select occurred_at, kind, sentiment, JSONExtractString(properties, 'text') as words
from history
where sentiment < -0.3
order by occurred_at desc
limit 50`,
  },
]
