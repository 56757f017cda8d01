import { readFile, sayProblem } from '../api.ts'
import { tell, tellFailure } from '../ui/toast.tsx'
import type { ReportSearch } from './report-search.ts'

/** Drawing takes a few seconds, so it is said; a problem is told instead of saved as a file. */
export async function savePicture(
  id: string,
  search: ReportSearch,
  format: 'png' | 'pdf',
): Promise<void> {
  tell('The page is being drawn; that takes a few seconds.')
  try {
    const file = await readFile(`/api/reports/${id}/picture`, { ...search, format })
    const address = URL.createObjectURL(file)
    const link = document.createElement('a')
    link.href = address
    link.download = `${id}-${new Date().toISOString().slice(0, 10)}.${format}`
    link.click()
    setTimeout(() => URL.revokeObjectURL(address), 60_000)
  } catch (error) {
    tellFailure(sayProblem(error))
  }
}
