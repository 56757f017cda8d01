/** Words of customers, from templates: the sentiment is that of the words themselves. */
import { features, labels, promises } from './company.ts'
import type { Random } from '../src/math/random.ts'

export type Mood = 'glad' | 'calm' | 'cross'

const reviewTexts: Record<Mood, readonly string[]> = {
  glad: [
    'We love {feature}. It saves us an hour every morning and the whole team is happy with it.',
    'Honestly the best purchase of the year. Friendly people, excellent support, beautiful labels.',
    'I was sceptical and I am delighted. {feature} works great, even in the wet season.',
    'Great product made by people who know plants. Setting it up was easy and kind of fun!',
    'Wonderful support: {agent} answered within minutes and was really helpful.',
    'It just works. Our waste is down, our customers are happier, and so am I.',
  ],
  calm: [
    'Does what it says. {feature} took us a while to set up.',
    'Solid for a small nursery. I would like more reports.',
    'Good labels, the app is okay. {feature} could be faster.',
    'We use {feature} mostly. It is fine for our size.',
  ],
  cross: [
    'Very disappointed. {feature} failed twice in our busiest week and nobody warned us.',
    'We were promised an order sync before the season. It never came. That was a bad experience.',
    'Terrible timing, awful communication. I had to type every supplier order by hand.',
    'Slow, confusing, and the support was useless when it mattered. I regret switching.',
    'The labels were wrong and I lost a whole Saturday. Annoyed and angry.',
  ],
}

const ticketTexts: Record<Mood, readonly string[]> = {
  glad: [
    'Hi {agent}, I love {feature}, thank you! One small question: can I change the default size?',
    'No hurry at all, and thanks for the great work. {feature} shows last year first, is that right?',
    'You probably know this already and I am sure it is me, but {feature} looks empty today. Thanks for helping!',
  ],
  calm: [
    'How do I export the list from {feature}?',
    'Where can I change the VAT number on the invoice?',
    '{feature} asks for a second scanner. Do we need one?',
    'Can two people use {feature} at the same time?',
  ],
  cross: [
    '{feature} is broken again. This is the third time and it is really annoying.',
    'I am very unhappy. You promised the order sync and it fails every night. Fix it.',
    'Nothing prints. We have a queue at the till and this is a disaster.',
    'This is unacceptable. Wrong labels on 200 pots, and no answer from you.',
  ],
}

const surveyTexts: Record<Mood, readonly string[]> = {
  glad: [
    'Great people, great product.',
    'I recommend you to everyone at the guild. Thank you!',
    'Love how {feature} thinks like a grower.',
  ],
  calm: ['Fine.', 'It is okay, {feature} could be simpler.', 'Good value for a small shop.'],
  cross: [
    'I no longer trust the announcements.',
    'The broken promise cost us money. Very disappointed.',
    'Too slow and too complicated, sadly.',
  ],
}

const thanks = [
  'Thank you for the call, that was more than I expected.',
  'Just wanted to say thanks, the whole shop is happy with the new labels!',
  'Thank you, {agent}. You saved our weekend, wonderful.',
]
const questions = [
  'How do you count plants that stand outside in winter?',
  'Which label survives drip irrigation?',
  'Does anyone plan the season by the moon calendar?',
  'How do I share the watering rota with helpers who have no account?',
]
const ideas = [
  'Let {feature} read the weather forecast.',
  'A dark screen for early mornings in the greenhouse.',
  'Print the care text on the back of the label.',
]
const stories = [
  'How we halved our waste in one season with a list and a label printer. We are proud and grateful.',
  'From three notebooks to one screen: a happy year at our nursery.',
  'Why our trainees love stock-taking now.',
]
const socialGlad = [
  'The new label rolls from Fernhollow are beautiful. Best helpers in the greenhouse!',
  'Love the Living Stock series. Great reading for anyone who sells plants.',
]
const socialCross = [
  'Fernhollow promised an order sync for this season. Still nothing. Disappointed.',
  'Third evening typing orders by hand. Really annoyed with Fernhollow.',
]
const agents = ['Marisol', 'Tobias', 'Ngozi', 'Ewa', 'Dev']

const fill = (random: Random, text: string): string =>
  text.replaceAll('{feature}', random.choice(features)).replaceAll('{agent}', random.choice(agents))

const pick = (random: Random, texts: readonly string[]): string =>
  fill(random, random.choice(texts))

export const reviewText = (random: Random, mood: Mood): string => pick(random, reviewTexts[mood])
export const ticketText = (random: Random, mood: Mood): string => pick(random, ticketTexts[mood])
export const surveyText = (random: Random, mood: Mood): string => pick(random, surveyTexts[mood])
export const thanksText = (random: Random): string => pick(random, thanks)
export const questionText = (random: Random): string => pick(random, questions)
export const ideaText = (random: Random): string => pick(random, ideas)
export const storyText = (random: Random): string => pick(random, stories)
export const socialText = (random: Random, isGlad: boolean): string =>
  pick(random, isGlad ? socialGlad : socialCross)
export const keptPromise = (random: Random): string => random.choice(promises.kept)
export const labelItem = (random: Random): (typeof labels)[number] => random.choice(labels)
