/** Writes the documents that are made from code: docs/config.md, docs/errors.md, docs/cli.md. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { format } from 'prettier'
import { environmentSchema } from '../src/app/config.ts'
import { createProgram } from '../src/cli/program.ts'
import { errorCatalogue } from '../src/domain/error.ts'

const made = (from: string): string =>
  `<!-- Made from ${from} by \`npm run docs\`; a test holds them equal. -->\n`

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

function configPage(): string {
  const rows = Object.entries(environmentSchema.shape).map(([name, schema]) => {
    const without = schema.safeParse(undefined)
    const value = without.success && without.data !== undefined ? `\`${String(without.data)}\`` : ''
    return [`\`${name}\``, value, schema.meta()?.description ?? '']
  })
  return `${made('src/app/config.ts')}
# Configuration

Rapport is configured by environment variables. They are read once, at the start; all faults are
listed together, with the name of each. \`rapport doctor\` checks them without starting.

${table(['variable', 'default', 'what it does'], rows)}
`
}

function errorsPage(): string {
  const rows = Object.entries(errorCatalogue).map(([code, [status, message]]) => [
    `\`${code}\``,
    String(status),
    message,
  ])
  return `${made('src/domain/error.ts')}
# Errors

Every error is a problem document (RFC 9457, \`application/problem+json\`) with a stable \`code\`:

\`\`\`json
{
  "type": "https://rapport.dev/errors/invalid_request",
  "title": "The request does not fit the documented shape.",
  "status": 400,
  "code": "invalid_request",
  "detail": "See the paths of the body.",
  "errors": [{ "path": "/name", "message": "Too small: expected string to have >=1 characters" }]
}
\`\`\`

Go by \`code\`, which stays; \`title\` and \`detail\` are for people. 429 and 503 say in \`Retry-After\`
how many seconds to wait. An event that cannot be taken is kept with one of these codes too, and its
batch is taken without it.

${table(['code', 'status', 'what it says'], rows)}
`
}

function cliPage(): string {
  const nothing = async (): Promise<void> => {}
  const lens = { status: nothing, rebuild: nothing, archive: nothing }
  const actions = {
    start: nothing,
    demo: nothing,
    importFile: nothing,
    replay: nothing,
    lens,
    forget: nothing,
    fitModels: nothing,
  }
  const program = createProgram(actions)
  program.configureHelp({ helpWidth: 96 })
  const parts = [program, ...program.commands].map((command) => {
    let help = ''
    command
      .copyInheritedSettings(program)
      .configureOutput({ writeOut: (text) => (help += text), getOutHelpWidth: () => 96 })
      .outputHelp()
    const name = command === program ? 'rapport' : `rapport ${command.name()}`
    return `## ${name}\n\n\`\`\`text\n${help.trim()}\n\`\`\`\n`
  })
  return `${made('src/cli')}
# The command line

In a checkout a command is run with \`npx rapport\`. Settings are environment variables
([config.md](config.md)); options win over them. \`--json\` works with every command.

${parts.join('\n')}`
}

/** Path from the root of the repository, and text, of every document that is made from code. */
export async function generatedDocuments(): Promise<ReadonlyMap<string, string>> {
  const pages = {
    'docs/config.md': configPage(),
    'docs/errors.md': errorsPage(),
    'docs/cli.md': cliPage(),
  }
  const options = { parser: 'markdown', printWidth: 100 }
  return new Map(
    await Promise.all(
      Object.entries(pages).map(
        async ([path, text]) => [path, await format(text, options)] as const,
      ),
    ),
  )
}

if (import.meta.main) {
  const root = join(import.meta.dirname, '..')
  for (const [path, text] of await generatedDocuments()) {
    writeFileSync(join(root, path), text)
    console.log(path)
  }
}
