/** Names of people and firms, from the places where the company sells and from everywhere else. */
import type { Random } from '../src/math/random.ts'

export interface Market {
  readonly country: string
  readonly zone: string
  readonly cities: readonly string[]
  readonly given: readonly string[]
  readonly family: readonly string[]
  /** Firm names are `first` + `second` in the language of the place. */
  readonly firmFirst: readonly string[]
  readonly firmSecond: readonly string[]
}

export const markets: readonly Market[] = [
  {
    country: 'DE', zone: 'Europe/Berlin', cities: ['Berlin', 'Freiburg', 'Leipzig', 'Münster', 'Bamberg'],
    given: ['Anna', 'Jonas', 'Lena', 'Friedrich', 'Katharina', 'Moritz', 'Ayşe', 'Emre', 'Sabine', 'Uwe', 'Greta', 'Linh', 'Hannah', 'Felix', 'Mehmet', 'Jule', 'Matthias', 'Ingrid', 'Ben', 'Elif', 'Thomas', 'Rosa', 'Nils', 'Amina', 'Birgit', 'Paul'],
    family: ['Hoffmann', 'Schäfer', 'Krüger', 'Yılmaz', 'Baumgartner', 'Lindner', 'Vogel', 'Nguyen', 'Brandt', 'Weiß', 'Keller', 'Sommer', 'Albrecht', 'Demir', 'Fuchs', 'Hartmann', 'Petersen', 'Kaya', 'Reuter', 'Winkler', 'Ziegler', 'Ostermann'],
    firmFirst: ['Sonnenhang', 'Birkenhof', 'Lindenau', 'Grünspecht', 'Talwiesen', 'Amselgrund', 'Steinbach', 'Rosenhof'],
    firmSecond: ['Gärtnerei', 'Pflanzenmarkt', 'Baumschule', 'Gartenladen', 'Staudengarten', 'Hofladen'],
  },
  {
    country: 'GB', zone: 'Europe/London', cities: ['Bristol', 'York', 'Leeds', 'Hereford', 'Edinburgh', 'Norwich'],
    given: ['Oliver', 'Amelia', 'Priya', 'Harriet', 'Kwame', 'Imogen', 'Rhys', 'Zainab', 'Callum', 'Siobhan', 'Tariq', 'Edith', 'George', 'Freya', 'Arjun', 'Isla', 'Marcus', 'Bronwen', 'Alasdair', 'Nkechi', 'Poppy', 'Declan', 'Ruth', 'Yusuf'],
    family: ['Thornton', 'Ashworth', 'Patel', 'Okafor', 'MacLeod', 'Pritchard', 'Hussain', 'Bramley', 'Fairweather', 'Mensah', 'Whitfield', 'Begum', 'Llewellyn', 'Hargreaves', 'Adeyemi', 'Cartwright', 'Singh', 'Fraser', 'Penhaligon', 'Osei', 'Lockwood', 'Murphy'],
    firmFirst: ['Kestrel Hill', 'Birch & Bloom', 'The Potting Table', 'Marlow Vale', 'Thistledown', 'Robin Lane', 'Old Quarry', 'Hazel Bank'],
    firmSecond: ['Nursery', 'Plants', 'Garden Centre', 'Trees', 'Perennials', 'Farm Shop'],
  },
  {
    country: 'FR', zone: 'Europe/Paris', cities: ['Lyon', 'Nantes', 'Angers', 'Lille', 'Toulouse'],
    given: ['Camille', 'Théo', 'Manon', 'Youssef', 'Élodie', 'Bastien', 'Fatou', 'Maëlle', 'Rachid', 'Solène', 'Jules', 'Aïcha', 'Hugo', 'Capucine', 'Mehdi', 'Léa', 'Antoine', 'Inès', 'Gaëlle', 'Mamadou'],
    family: ['Lefèvre', 'Moreau', 'Benali', 'Girard', 'Diallo', 'Fontaine', 'Roussel', 'Chevalier', 'Traoré', 'Dubois', 'Mercier', "N'Diaye", 'Caron', 'Haddou', 'Perrin', 'Garnier', 'Lemoine', 'Sylla'],
    firmFirst: ['Les Lilas', 'Le Vieux Chêne', 'La Bruyère', 'Clos Fleuri', 'Trois Saules', 'Val Vert', 'Les Glycines'],
    firmSecond: ['Pépinière', 'Jardinerie', 'Horticulture', 'Fleurs', 'Paysage'],
  },
  {
    country: 'NL', zone: 'Europe/Amsterdam', cities: ['Utrecht', 'Boskoop', 'Groningen', 'Haarlem'],
    given: ['Sanne', 'Daan', 'Femke', 'Bram', 'Noor', 'Joost', 'Lotte', 'Ravi', 'Anouk', 'Thijs', 'Maud', 'Sem', 'Fenna', 'Youssra', 'Pieter', 'Roos', 'Jeroen'],
    family: ['de Vries', 'van Dijk', 'Bakker', 'Jansen', 'Ramdin', 'van den Berg', 'Mulder', 'Visser', 'Smit', 'Hoekstra', 'El Idrissi', 'Vermeulen', 'Postma', 'de Graaf', 'Dekker'],
    firmFirst: ['Groenrijk', 'De Linde', 'Waterlelie', 'Polderbloem', 'Het Hof', 'Zonnedauw'],
    firmSecond: ['Kwekerij', 'Tuincentrum', 'Boomkwekerij', 'Bloemen'],
  },
  {
    country: 'ES', zone: 'Europe/Madrid', cities: ['Valencia', 'Girona', 'Sevilla', 'Bilbao'],
    given: ['Lucía', 'Mateo', 'Carmen', 'Íñigo', 'Nuria', 'Álvaro', 'Valentina', 'Joaquín', 'Aitana', 'Pablo', 'Irene', 'Xavier', 'Leire', 'Rocío', 'Manuel', 'Camila'],
    family: ['García', 'Ibáñez', 'Etxeberria', 'Serrano', 'Quispe', 'Morales', 'Puig', 'Navarro', 'Vidal', 'Romero', 'Aguirre', 'Castillo', 'Mamani', 'Ferrer'],
    firmFirst: ['El Naranjal', 'Las Encinas', 'Verdemar', 'La Alameda', 'Siete Olivos', 'Mas Florit'],
    firmSecond: ['Vivero', 'Jardinería', 'Plantas', 'Floristería'],
  },
  {
    country: 'IT', zone: 'Europe/Rome', cities: ['Pistoia', 'Torino', 'Bologna', 'Bari'],
    given: ['Giulia', 'Lorenzo', 'Chiara', 'Matteo', 'Francesca', 'Davide', 'Elena', 'Amir', 'Alessandro', 'Sofia', 'Marco', 'Ilaria', 'Tommaso', 'Noemi'],
    family: ['Rossi', 'Ferrara', 'Conti', 'De Luca', 'Marchetti', 'Bianchi', 'Greco', 'Haddad', 'Romano', 'Gallo', 'Esposito', 'Fontana', 'Moretti', 'Diop'],
    firmFirst: ['Due Querce', 'Valverde', 'Il Melograno', 'La Serra', 'Monte Fiore', 'Le Ortensie'],
    firmSecond: ['Vivai', 'Garden', 'Piante', 'Fiori'],
  },
  {
    country: 'PL', zone: 'Europe/Warsaw', cities: ['Kraków', 'Poznań', 'Lublin', 'Gdańsk'],
    given: ['Zofia', 'Jakub', 'Małgorzata', 'Piotr', 'Oksana', 'Wojciech', 'Agnieszka', 'Andriy', 'Katarzyna', 'Tomasz', 'Hanna', 'Marek', 'Solomiya'],
    family: ['Kowalska', 'Wiśniewski', 'Zając', 'Shevchenko', 'Dąbrowska', 'Lewandowski', 'Melnyk', 'Nowak', 'Wójcik', 'Kamińska', 'Bondarenko', 'Pawlak'],
    firmFirst: ['Zielony Dom', 'Pod Lipą', 'Leśna Polana', 'Różany Staw', 'Słoneczna'],
    firmSecond: ['Szkółka', 'Ogrody', 'Kwiaty', 'Rośliny'],
  },
  {
    country: 'US', zone: 'America/New_York', cities: ['Portland', 'Asheville', 'Ithaca', 'Madison', 'Richmond'],
    given: ['Maya', 'Ethan', 'Guadalupe', 'Darnell', 'Hannah', 'Kenji', 'Soo-jin', 'Wei', 'Aaliyah', 'Dakota', 'Noah', 'Leilani', 'Olivia', 'Jamal', 'Rosa', 'Caleb', 'Priscilla', 'Minh'],
    family: ['Brooks', 'Hernandez', 'Tanaka', 'Kim', 'Chen', 'Washington', 'Goldberg', 'Running Deer', 'Sullivan', 'Kealoha', 'Nakamura', 'Ortiz', 'Freeman', 'Begay', 'Larsen', 'Pham'],
    firmFirst: ['Blue Ridge', 'Cedar Hollow', 'Wild Indigo', 'Prairie Moonrise', 'Foxglove', 'Stone Creek', 'Tall Pine'],
    firmSecond: ['Nursery', 'Garden Supply', 'Natives', 'Tree Farm', 'Growers'],
  },
] // prettier-ignore

const marketWeights = { DE: 26, GB: 22, FR: 13, NL: 11, ES: 8, IT: 8, PL: 6, US: 6 }

export function chooseMarket(random: Random): Market {
  const country = random.weighted(marketWeights)
  return markets.find((market) => market.country === country) ?? (markets[0] as Market)
}

/** Most people carry a name of their country, one in six a name from elsewhere. */
export function chooseName(random: Random, home: Market): { given: string; family: string } {
  const givenFrom = random.chance(1 / 6) ? random.choice(markets) : home
  const familyFrom = random.chance(1 / 6) ? random.choice(markets) : givenFrom
  return { given: random.choice(givenFrom.given), family: random.choice(familyFrom.family) }
}

/** A firm's name in the order of its language: `Gärtnerei Birkenhof`, but `Hazel Bank Nursery`. */
export function chooseFirm(random: Random, home: Market): string {
  const first = random.choice(home.firmFirst)
  const second = random.choice(home.firmSecond)
  return home.country === 'GB' || home.country === 'US'
    ? `${first} ${second}`
    : `${second} ${first}`
}

/** Letters and digits only, for addresses: Müller -> muller. */
export function plain(text: string): string {
  return text
    .replaceAll('ß', 'ss')
    .replaceAll('ł', 'l')
    .replaceAll('ı', 'i')
    .normalize('NFD')
    .replaceAll(/[^A-Za-z0-9]/g, '')
    .toLowerCase()
}
