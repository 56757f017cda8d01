import { recordLimit, type FileRecord, type RecordReader } from './csv-reader.ts'

/** Reads newline-delimited JSON: one object a line. A faulty line is one faulty record. */
export function ndjsonReader(): RecordReader {
  let buffer = ''
  let line = 1
  let passing = false

  const take = (raw: string): FileRecord[] => {
    const at = line++
    if (raw.length > recordLimit) {
      const problem = `The line is longer than ${recordLimit / 1024} KB.`
      return [{ line: at, raw, cells: null, problem }]
    }
    return raw.trim() === '' ? [] : [readLine(at, raw)]
  }

  return {
    push(text, isLast) {
      const records: FileRecord[] = []
      buffer += text
      let at = 0
      for (let eol = buffer.indexOf('\n'); eol >= 0; eol = buffer.indexOf('\n', at)) {
        if (passing) passing = false
        else records.push(...take(buffer.slice(at, eol)))
        at = eol + 1
      }
      buffer = buffer.slice(at)
      if (isLast ? buffer !== '' : buffer.length > recordLimit) {
        if (!passing) records.push(...take(buffer))
        passing = true
        buffer = ''
      }
      return records
    },
  }
}

function readLine(line: number, raw: string): FileRecord {
  try {
    const value: unknown = JSON.parse(raw)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return { line, raw, cells: value as Record<string, unknown>, problem: null }
    }
    return { line, raw, cells: null, problem: 'The line is not a JSON object.' }
  } catch {
    return { line, raw, cells: null, problem: 'The line is not valid JSON.' }
  }
}
