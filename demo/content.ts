/** What there is to read, watch and attend. Only one series truly moves people on. */
export type SeriesId = 'living_stock' | 'plant_of_the_week' | 'trend_report' | 'company_news'

export interface Piece {
  readonly series: SeriesId
  readonly title: string
  readonly path: string
  readonly format: 'article' | 'video' | 'study' | 'webinar'
}

interface Series {
  readonly name: string
  readonly format: Piece['format']
  readonly titles: readonly string[]
  /** What one new part adds to understanding (0..1): the planted truth. */
  readonly teaches: number
  /** How often it is picked. */
  readonly appeal: number
}

export const seriesList: Readonly<Record<SeriesId, Series>> = {
  living_stock: {
    name: 'The Living Stock',
    format: 'article',
    teaches: 0.12,
    appeal: 0.34,
    titles: [
      'Why plants are not screws', 'Counting what grows', 'The label that pays for itself',
      'Waste is a forecast error', 'Ordering eight months ahead', 'One list for five people',
      'The price of a dead hedge', 'A season on one page',
    ],
  },
  plant_of_the_week: {
    name: 'Plant of the Week',
    format: 'article',
    teaches: 0,
    appeal: 0.44,
    titles: [
      'Monstera deliciosa', 'Helleborus orientalis', 'Acer palmatum', 'Salvia nemorosa',
      'Hakonechloa macra', 'Echinacea purpurea', 'Ginkgo biloba', 'Heuchera', 'Cyclamen coum',
      'Hydrangea paniculata', 'Geum', 'Astrantia major',
    ],
  },
  trend_report: {
    name: 'Garden Trade Report',
    format: 'study',
    teaches: 0,
    appeal: 0.1,
    titles: ['Garden Trade Report: prices', 'Garden Trade Report: peat-free', 'Garden Trade Report: staff'],
  },
  company_news: {
    name: 'From the Hollow',
    format: 'video',
    teaches: 0,
    appeal: 0.12,
    titles: ['Meet the team', 'Our new greenhouse', 'What we shipped this month', 'A day at the bench'],
  },
} // prettier-ignore

export const seriesAppeal = Object.fromEntries(
  Object.entries(seriesList).map(([id, { appeal }]) => [id, appeal]),
) as Record<SeriesId, number>

export function pieceOf(series: SeriesId, index: number): Piece {
  const { titles, format, name } = seriesList[series]
  const title = titles[index % titles.length] ?? name
  const slug = title.toLowerCase().replaceAll(/[^a-z]+/g, '-')
  return { series, title, format, path: `/${name.toLowerCase().replaceAll(' ', '-')}/${slug}` }
}
