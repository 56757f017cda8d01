/**
 * The configuration: one schema, read once from the environment, frozen. No other file reads
 * `process.env`. docs/config.md is generated from `environmentSchema`.
 */
import { isIP } from 'node:net'
import { resolve } from 'node:path'
import { z } from 'zod'
import { RapportError } from '../domain/error.ts'
import type { LensEngine } from '../store/lens-shape.ts'

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const

const url = (protocols: RegExp, example: string) =>
  z.url({ protocol: protocols, error: `must be an address such as ${example}` })

const key = (least: number) =>
  z
    .string()
    .regex(
      new RegExp(`^[A-Za-z0-9_-]{${least},128}$`),
      `must be ${least} to 128 letters, digits, - or _`,
    )

/** Names as proxy-addr has them, an address, or a network in CIDR notation. */
function isProxy(text: string): boolean {
  if (['loopback', 'linklocal', 'uniquelocal'].includes(text)) return true
  const [address = '', bits, ...more] = text.split('/')
  const most = isIP(address) === 4 ? 32 : 128
  const fits = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most)
  return isIP(address) !== 0 && fits && more.length === 0
}

/** Every variable with its rule, its default and the sentence that docs/config.md shows. */
export const environmentSchema = z.object({
  PORT: z.coerce
    .number({ error: 'must be a number' })
    .int('must be a whole number')
    .min(0, 'must be 0 to 65535')
    .max(65535, 'must be 0 to 65535')
    .default(3000)
    .meta({ description: 'Port of the web app and the API. 0 takes any free one.' }),
  HOST: z.string().default('127.0.0.1').meta({
    description:
      'Address to listen on. The default is reachable from this machine only; `0.0.0.0` listens on every network.',
  }),
  RAPPORT_DATA: z.string().default('./data').meta({
    description: 'Folder of the embedded stores and of the secret that signs sessions. Back it up.',
  }),
  DATABASE_URL: url(/^postgres(ql)?$/, 'postgres://user:password@host:5432/rapport')
    .optional()
    .meta({
      description:
        'PostgreSQL 15 or newer for the truth. Without it, an embedded PostgreSQL is used.',
    }),
  CLICKHOUSE_URL: url(/^https?$/, 'http://user:password@host:8123/rapport')
    .optional()
    .meta({ description: 'ClickHouse for the lens. Without it, an embedded one (chDB) is used.' }),
  CLICKHOUSE_ENGINE: z
    .enum(['merge_tree', 'replicated', 'cloud'], {
      error: 'must be merge_tree, replicated or cloud',
    })
    .default('merge_tree')
    .meta({
      description:
        'How tables are kept on a ClickHouse server: `merge_tree` on one machine, `replicated` over a cluster (with CLICKHOUSE_CLUSTER), `cloud` for ClickHouse Cloud.',
    }),
  CLICKHOUSE_CLUSTER: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_-]{0,63}$/, 'must be a name of letters, digits, - or _')
    .optional()
    .meta({ description: 'Name of the cluster where CLICKHOUSE_ENGINE is `replicated`.' }),
  RAPPORT_ARCHIVE_AFTER_MONTHS: z.coerce
    .number({ error: 'must be a number' })
    .int('must be a whole number')
    .min(1, 'must be 1 at least')
    .optional()
    .meta({
      description:
        'Months of the embedded lens that are older are put into Parquet files in the data folder (`archive/`), once a day; they are counted as before. Without it they stay where they are.',
    }),
  RAPPORT_WRITE_KEY: key(8).optional().meta({
    description:
      'Write key of the first source. Write keys may be public: they can add touchpoints and nothing else. Without it, one is made and printed.',
  }),
  RAPPORT_API_KEY: key(16).optional().meta({
    description:
      'A secret key for the reading API, in addition to those made on the Settings page.',
  }),
  RAPPORT_MODEL: z.string().default('saas').meta({
    description:
      'The model to begin with: a playbook (`saas`, `creator`, `retail`) or the path of a YAML file. Later versions are applied in the app.',
  }),
  RAPPORT_PUBLIC_URL: url(/^https?$/, 'https://rapport.example.com')
    .optional()
    .meta({
      description:
        'Address under which browsers reach the app, if a proxy stands before it. With `https`, cookies are marked secure.',
    }),
  TRUST_PROXY: z
    .string()
    .transform((text) =>
      text
        .split(',')
        .map((one) => one.trim())
        .filter(Boolean),
    ) // prettier-ignore
    .refine((all) => all.every(isProxy), 'must list addresses such as 10.0.0.0/8 or loopback')
    .optional()
    .meta({
      description:
        'Proxies before the app whose `X-Forwarded-For` is believed: addresses or networks with commas between, or `loopback`, `linklocal`, `uniquelocal`. Without it, the other end of the connection is the client.',
    }),
  RAPPORT_SECRET: z.string().min(32, 'must have 32 characters at least').optional().meta({
    description:
      'Signs session cookies. Needed only where several processes share one database; otherwise made once and kept in the data folder.',
  }),
  SMTP_URL: url(/^smtps?$/, 'smtp://user:password@mail.example.com:587')
    .optional()
    .meta({
      description:
        'Mail server that reports are sent through. Without it, schedules send webhooks only.',
    }),
  MAIL_FROM: z
    .string()
    .regex(
      /^([^<>@\r\n]* <)?[^\s<>@]+@[^\s<>@]+>?$/,
      'must be an address such as Rapport <reports@example.com>',
    ) // prettier-ignore
    .optional()
    .meta({
      description: 'Sender of e-mails, such as `Rapport <reports@example.com>`. SMTP_URL needs it.',
    }),
  WEBHOOK_ALLOW_PRIVATE: z
    .enum(['true', 'false'], { error: 'must be true or false' })
    .default('false')
    .meta({
      description:
        'Whether webhooks may reach addresses that are not of the internet, such as 10.0.0.5 or localhost.',
    }),
  LOG_LEVEL: z
    .enum(logLevels, { error: `must be one of ${logLevels.join(', ')}` })
    .default('info')
    .meta({
      description: `How much is logged: ${logLevels.map((level) => `\`${level}\``).join(', ')}.`,
    }),
})

type Environment = Readonly<Record<string, string | undefined>>

function lensEngineOf(values: z.infer<typeof environmentSchema>): LensEngine {
  const { CLICKHOUSE_URL: url, CLICKHOUSE_ENGINE: kind, CLICKHOUSE_CLUSTER: cluster } = values
  const fail = (fault: string): never => {
    throw new RapportError('startup_failed', `The configuration has a fault: ${fault}`)
  }
  if (kind === 'merge_tree') return { kind }
  if (url === undefined) return fail(`CLICKHOUSE_ENGINE ${kind} needs CLICKHOUSE_URL.`)
  if (kind === 'cloud') return { kind }
  if (cluster === undefined) return fail('CLICKHOUSE_ENGINE replicated needs CLICKHOUSE_CLUSTER.')
  return { kind, cluster }
}

/** The environment with what was said on the command line, which wins. */
export function readConfigWith(overrides: Environment): Config {
  const said = Object.entries(overrides).filter(([, value]) => value !== undefined)
  return readConfig({ ...process.env, ...Object.fromEntries(said) })
}

export interface MailConfig {
  readonly smtpUrl: string
  readonly from: string
}

function mailOf({
  SMTP_URL: smtpUrl,
  MAIL_FROM: from,
}: z.infer<typeof environmentSchema>): MailConfig | null {
  // prettier-ignore
  if (smtpUrl === undefined) return null
  if (from !== undefined) return { smtpUrl, from }
  throw new RapportError(
    'startup_failed',
    'The configuration has a fault: SMTP_URL needs MAIL_FROM.',
  )
}

export interface Config {
  readonly port: number
  readonly host: string
  /** Absolute path. */
  readonly dataFolder: string
  readonly databaseUrl: string | null
  readonly clickhouseUrl: string | null
  readonly lensEngine: LensEngine
  /** Null where months of the lens stay where they are. */
  readonly archiveAfterMonths: number | null
  readonly writeKey: string | null
  readonly apiKey: string | null
  /** Name of a playbook or path of a model file. */
  readonly model: string
  /** Without a trailing slash. Null where RAPPORT_PUBLIC_URL is not set: see `publicUrlOf`. */
  readonly publicUrl: string | null
  /** Whose `X-Forwarded-For` is believed; false where nobody's is. */
  readonly trustProxy: string[] | false
  readonly secret: string | null
  /** Null where no e-mail can be sent. */
  readonly mail: MailConfig | null
  readonly webhooksMayBePrivate: boolean
  readonly logLevel: (typeof logLevels)[number]
}

/** Reads and checks the environment. All faults are listed at once. */
export function readConfig(environment: Environment = process.env): Config {
  const known = Object.keys(environmentSchema.shape)
  // `PORT=` in a file of variables means "not set".
  const given = Object.fromEntries(known.map((name) => [name, environment[name] || undefined]))
  const parsed = environmentSchema.safeParse(given)
  if (!parsed.success) {
    const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}.`)
    throw new RapportError(
      'startup_failed',
      `The configuration has ${faults.length === 1 ? 'a fault' : `${faults.length} faults`}: ${faults.join(' ')}`,
      { faults },
    )
  }
  const values = parsed.data
  return Object.freeze({
    port: values.PORT,
    host: values.HOST,
    dataFolder: resolve(values.RAPPORT_DATA),
    databaseUrl: values.DATABASE_URL ?? null,
    clickhouseUrl: values.CLICKHOUSE_URL ?? null,
    lensEngine: lensEngineOf(values),
    archiveAfterMonths: values.RAPPORT_ARCHIVE_AFTER_MONTHS ?? null,
    writeKey: values.RAPPORT_WRITE_KEY ?? null,
    apiKey: values.RAPPORT_API_KEY ?? null,
    model: values.RAPPORT_MODEL,
    publicUrl: values.RAPPORT_PUBLIC_URL?.replace(/\/+$/, '') ?? null,
    trustProxy: values.TRUST_PROXY ?? false,
    secret: values.RAPPORT_SECRET ?? null,
    mail: mailOf(values),
    webhooksMayBePrivate: values.WEBHOOK_ALLOW_PRIVATE === 'true',
    logLevel: values.LOG_LEVEL,
  })
}

/** Address to print and to build links from: the public one, or this machine's. */
export function publicUrlOf(config: Pick<Config, 'publicUrl' | 'port' | 'host'>): string {
  if (config.publicUrl !== null) return config.publicUrl
  const everywhere = ['127.0.0.1', '0.0.0.0', '::', '::1', 'localhost'].includes(config.host)
  const host = config.host.includes(':') ? `[${config.host}]` : config.host
  return `http://${everywhere ? 'localhost' : host}:${config.port}`
}
