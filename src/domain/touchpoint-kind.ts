/**
 * What a touchpoint was, in the words of the relationship rather than of the tool that sent it.
 * Event names of the Segment specification and of our own additions are mapped to these kinds by
 * the collect room; anything else is `custom` and keeps its event name, so a model can match it.
 */
export const touchpointKinds = [
  // attention
  'ad_seen', 'ad_clicked', 'page_viewed', 'screen_viewed', 'link_clicked', 'promotion_viewed',
  'promotion_clicked', 'email_sent', 'email_delivered', 'email_opened', 'email_clicked', 'email_bounced',
  'email_marked_spam', 'subscribed', 'unsubscribed', 'message_sent', 'message_opened', 'message_clicked',
  'followed', 'social_engaged', 'store_visited', 'event_registered', 'event_attended', 'app_installed',
  'app_opened',
  // education
  'content_viewed', 'content_downloaded', 'video_watched', 'webinar_attended', 'course_started',
  'course_completed', 'certification', 'documentation_read',
  // match
  'product_listed', 'product_viewed', 'product_searched', 'wishlist_added', 'wishlist_removed',
  'cart_added', 'cart_removed', 'cart_viewed', 'checkout_started', 'checkout_step', 'payment_info_entered',
  'coupon_applied', 'coupon_removed', 'coupon_redeemed', 'comparison', 'demo_requested', 'quote_requested',
  'need_expressed', 'replied', 'opportunity_opened', 'opportunity_lost',
  // partnership
  'signed_up', 'signed_in', 'signed_out', 'trial_started', 'trial_ended', 'purchase', 'order_updated',
  'order_refunded', 'order_cancelled', 'subscription_started', 'subscription_renewed',
  'subscription_cancelled', 'onboarding_step', 'onboarding_completed', 'feature_used', 'member_invited',
  'account_created', 'account_deleted', 'account_member_added', 'account_member_removed', 'meeting',
  // trust
  'review', 'rating', 'survey_answer', 'ticket_opened', 'ticket_resolved', 'chat_started', 'chat_message',
  'chat_ended', 'call', 'complaint', 'promise_kept', 'promise_broken', 'recovery', 'incident',
  'media_mention', 'social_mention', 'perk_received', 'thanked',
  // advocacy
  'shared', 'referral', 'referral_converted', 'reference', 'story', 'testimonial', 'community_question',
  'community_answer', 'community_solution', 'idea_submitted', 'talk_given', 'beta_joined',
  // identity and everything else
  'identified', 'grouped', 'aliased', 'custom',
] as const // prettier-ignore

export type TouchpointKind = (typeof touchpointKinds)[number]

/** Where a touchpoint happened, after the GA4 default channel groups plus the channels of people. */
export const channels = [
  'direct', 'organic_search', 'paid_search', 'organic_social', 'paid_social', 'organic_video', 'paid_video',
  'organic_shopping', 'paid_shopping', 'paid_other', 'display', 'email', 'sms', 'push', 'affiliates',
  'referral', 'audio', 'cross_network', 'web', 'app', 'support', 'chat', 'phone', 'community', 'event',
  'store', 'review_site', 'sales', 'survey', 'partner', 'server', 'import', 'unassigned',
] as const // prettier-ignore

export type Channel = (typeof channels)[number]
