import type { Command } from 'commander'
import { readConfigWith, type Config } from '../app/config.ts'
import { createOutput, type Output } from './output.ts'

/** What every command gets: the configuration, with what was said on the command line, and a voice. */
export interface Request {
  readonly config: Config
  readonly output: Output
}

interface CommonOptions {
  readonly json?: boolean
  readonly port?: string
  readonly data?: string
}

export function withData(command: Command): Command {
  return command.option('--data <folder>', 'folder of the embedded stores (RAPPORT_DATA)')
}

export function withPort(command: Command): Command {
  return command.option('--port <number>', 'port to listen on (PORT)')
}

export function outputOf(command: Command): Output {
  return createOutput({ json: command.optsWithGlobals<CommonOptions>().json === true })
}

export function requestOf(command: Command): Request {
  const { port, data } = command.optsWithGlobals<CommonOptions>()
  return { config: readConfigWith({ PORT: port, RAPPORT_DATA: data }), output: outputOf(command) }
}
