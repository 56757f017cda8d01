/** What people do of their own accord that shows them coming to us. */
export const visitKinds = [
  'page_viewed', 'screen_viewed', 'app_opened', 'content_viewed', 'content_downloaded', 'video_watched',
  'webinar_attended', 'course_started', 'documentation_read', 'product_viewed', 'product_searched',
  'comparison', 'store_visited', 'event_attended', 'community_question', 'community_answer',
] as const // prettier-ignore

/** What is read, watched or learned. */
export const contentKinds = [
  'content_viewed', 'content_downloaded', 'video_watched', 'webinar_attended', 'course_started',
  'course_completed', 'documentation_read',
] as const // prettier-ignore
