/**
 * Event names that we understand, with the kind of touchpoint that they mean. The names of the
 * Segment specifications are complete; a name mapped to `custom` is known and deliberately without
 * a kind, mostly since a sister event of the same action has it and it would count twice.
 * The table in docs/events.md is made from this list.
 */
import type { TouchpointKind } from '../../domain/touchpoint-kind.ts'

export interface EventName {
  readonly name: string
  readonly kind: TouchpointKind
}

type NamesByKind = readonly (readonly [kind: TouchpointKind, ...names: readonly string[]])[]

const ecommerce: NamesByKind = [
  ['product_searched', 'Products Searched'],
  ['product_listed', 'Product List Viewed', 'Product List Filtered'],
  ['promotion_viewed', 'Promotion Viewed'],
  ['promotion_clicked', 'Promotion Clicked'],
  ['link_clicked', 'Product Clicked'],
  ['product_viewed', 'Product Viewed'],
  ['cart_added', 'Product Added', 'Wishlist Product Added to Cart'],
  ['cart_removed', 'Product Removed'],
  ['cart_viewed', 'Cart Viewed'],
  ['checkout_started', 'Checkout Started'],
  ['checkout_step', 'Checkout Step Viewed', 'Checkout Step Completed'],
  ['payment_info_entered', 'Payment Info Entered'],
  ['purchase', 'Order Completed'],
  ['order_updated', 'Order Updated'],
  ['order_refunded', 'Order Refunded'],
  ['order_cancelled', 'Order Cancelled'],
  ['coupon_applied', 'Coupon Applied'],
  ['coupon_removed', 'Coupon Removed'],
  ['custom', 'Coupon Entered', 'Coupon Denied'],
  ['wishlist_added', 'Product Added to Wishlist'],
  ['wishlist_removed', 'Product Removed from Wishlist'],
  ['shared', 'Product Shared', 'Cart Shared'],
  ['review', 'Product Reviewed'],
]

/** The first version of the e-commerce specification, still sent by old shops. */
const ecommerceFirst: NamesByKind = [
  ['product_listed', 'Viewed Product Category'],
  ['product_viewed', 'Viewed Product'],
  ['cart_added', 'Added Product'],
  ['cart_removed', 'Removed Product'],
  ['purchase', 'Completed Order'],
  ['promotion_viewed', 'Viewed Promotion'],
  ['promotion_clicked', 'Clicked Promotion'],
  ['checkout_step', 'Viewed Checkout Step', 'Completed Checkout Step'],
]

const saas: NamesByKind = [
  ['account_created', 'Account Created'],
  ['account_deleted', 'Account Deleted'],
  ['signed_up', 'Signed Up'],
  ['signed_in', 'Signed In'],
  ['signed_out', 'Signed Out'],
  ['member_invited', 'Invite Sent'],
  ['account_member_added', 'Account Added User'],
  ['account_member_removed', 'Account Removed User'],
  ['trial_started', 'Trial Started'],
  ['trial_ended', 'Trial Ended'],
]

const email: NamesByKind = [
  ['email_delivered', 'Email Delivered'],
  ['email_opened', 'Email Opened'],
  ['email_clicked', 'Email Link Clicked'],
  ['email_bounced', 'Email Bounced'],
  ['email_marked_spam', 'Email Marked as Spam'],
  ['unsubscribed', 'Unsubscribed'],
]

const liveChat: NamesByKind = [
  ['chat_started', 'Live Chat Conversation Started'],
  ['chat_message', 'Live Chat Message Sent', 'Live Chat Message Received'],
  ['chat_ended', 'Live Chat Conversation Ended'],
]

/** One kind a viewing: the start. Everything else of it would count the same minutes again. */
const video: NamesByKind = [
  ['video_watched', 'Video Playback Started'],
  ['ad_seen', 'Video Ad Started'],
  [
    'custom',
    'Video Playback Paused',
    'Video Playback Interrupted',
    'Video Playback Resumed',
    'Video Playback Completed',
    'Video Playback Exited',
    'Video Playback Buffer Started',
    'Video Playback Buffer Completed',
    'Video Playback Seek Started',
    'Video Playback Seek Completed',
    'Video Content Started',
    'Video Content Playing',
    'Video Content Completed',
    'Video Ad Playing',
    'Video Ad Completed',
    'Video Quality Updated',
  ],
]

const mobile: NamesByKind = [
  ['app_installed', 'Application Installed'],
  ['app_opened', 'Application Opened', 'Application Foregrounded'],
  ['incident', 'Application Crashed'],
  ['message_sent', 'Push Notification Received'],
  ['message_clicked', 'Push Notification Tapped'],
  ['link_clicked', 'Deep Link Clicked'],
  [
    'custom',
    'Application Updated',
    'Application Backgrounded',
    'Application Uninstalled',
    'Push Notification Bounced',
    'Install Attributed',
    'Deep Link Opened',
  ],
]

/** Recommended events of Google Analytics 4, which many shops already send. */
const googleAnalytics: NamesByKind = [
  ['ad_seen', 'ad_impression'],
  ['product_searched', 'search', 'view_search_results'],
  ['product_listed', 'view_item_list'],
  ['product_viewed', 'view_item'],
  ['promotion_viewed', 'view_promotion'],
  ['promotion_clicked', 'select_promotion'],
  ['link_clicked', 'select_item', 'click'],
  ['wishlist_added', 'add_to_wishlist'],
  ['cart_added', 'add_to_cart'],
  ['cart_removed', 'remove_from_cart'],
  ['cart_viewed', 'view_cart'],
  ['checkout_started', 'begin_checkout'],
  ['checkout_step', 'add_shipping_info'],
  ['payment_info_entered', 'add_payment_info'],
  ['purchase', 'purchase'],
  ['order_refunded', 'refund'],
  ['signed_up', 'sign_up'],
  ['signed_in', 'login'],
  ['need_expressed', 'generate_lead'],
  ['shared', 'share'],
  ['content_downloaded', 'file_download'],
  ['video_watched', 'video_start'],
]

/** Our own, in the same style, for what the specifications have no name for. */
const own: NamesByKind = [
  ['ad_seen', 'Ad Seen', 'Ad Viewed'],
  ['ad_clicked', 'Ad Clicked'],
  ['page_viewed', 'Page Viewed'],
  ['screen_viewed', 'Screen Viewed'],
  ['link_clicked', 'Link Clicked'],
  ['email_sent', 'Email Sent'],
  ['email_clicked', 'Email Clicked'],
  ['subscribed', 'Subscribed', 'Newsletter Subscribed', 'Email Subscribed'],
  ['unsubscribed', 'Newsletter Unsubscribed', 'Email Unsubscribed'],
  ['message_sent', 'Message Sent', 'SMS Sent', 'Push Notification Sent'],
  ['message_opened', 'Message Opened', 'Push Notification Opened'],
  ['message_clicked', 'Message Clicked', 'SMS Link Clicked', 'Push Notification Clicked'],
  ['followed', 'Followed', 'Account Followed', 'Profile Followed'],
  ['social_engaged', 'Post Liked', 'Post Commented', 'Social Engaged', 'Post Reacted'],
  ['store_visited', 'Store Visited'],
  ['event_registered', 'Event Registered', 'Webinar Registered'],
  ['event_attended', 'Event Attended'],
  ['app_installed', 'App Installed'],
  ['app_opened', 'App Opened'],
  ['content_viewed', 'Content Viewed', 'Article Read', 'Case Study Viewed'],
  ['content_downloaded', 'Content Downloaded', 'Whitepaper Downloaded', 'File Downloaded'],
  ['video_watched', 'Video Watched'],
  ['webinar_attended', 'Webinar Attended'],
  ['course_started', 'Course Started'],
  ['course_completed', 'Course Completed'],
  ['certification', 'Certification Earned'],
  ['documentation_read', 'Documentation Read', 'Documentation Viewed'],
  ['coupon_redeemed', 'Coupon Redeemed'],
  ['comparison', 'Comparison Viewed', 'Products Compared', 'Pricing Viewed', 'Alternatives Viewed'],
  ['demo_requested', 'Demo Requested', 'Demo Booked'],
  ['quote_requested', 'Quote Requested'],
  ['need_expressed', 'Need Expressed', 'Contact Requested', 'Form Submitted', 'Lead Created'],
  ['replied', 'Replied', 'Email Replied', 'Message Replied'],
  ['opportunity_opened', 'Opportunity Opened', 'Opportunity Created'],
  ['opportunity_lost', 'Opportunity Lost'],
  ['purchase', 'Opportunity Won', 'Order Paid', 'Purchase Completed'],
  ['subscription_started', 'Subscription Started', 'Subscription Created'],
  ['subscription_renewed', 'Subscription Renewed'],
  ['subscription_cancelled', 'Subscription Cancelled', 'Subscription Canceled'],
  ['order_cancelled', 'Order Canceled'],
  ['onboarding_step', 'Onboarding Step Completed'],
  ['onboarding_completed', 'Onboarding Completed'],
  ['feature_used', 'Feature Used'],
  ['meeting', 'Meeting Held', 'Meeting Completed'],
  ['review', 'Review Submitted', 'Review Published'],
  ['rating', 'Rating Given', 'Rating Submitted', 'Product Rated'],
  ['survey_answer', 'Survey Answered', 'Survey Completed', 'Survey Submitted', 'NPS Submitted'],
  ['ticket_opened', 'Ticket Opened', 'Ticket Created'],
  ['ticket_resolved', 'Ticket Resolved', 'Ticket Solved', 'Ticket Closed'],
  ['chat_started', 'Chat Started'],
  ['chat_message', 'Chat Message Sent'],
  ['chat_ended', 'Chat Ended'],
  ['call', 'Call Completed', 'Call Held'],
  ['complaint', 'Complaint Received', 'Complaint Made', 'Complaint Submitted'],
  ['promise_kept', 'Promise Kept'],
  ['promise_broken', 'Promise Broken'],
  ['recovery', 'Problem Recovered', 'Recovery Completed'],
  ['incident', 'Incident Occurred', 'Incident Reported', 'Outage Experienced'],
  ['media_mention', 'Media Mentioned', 'Media Mention Published'],
  ['social_mention', 'Social Mentioned', 'Brand Mentioned'],
  ['perk_received', 'Perk Received', 'Gift Received', 'Reward Received'],
  ['thanked', 'Thanked', 'Thank You Sent', 'Thank You Received'],
  ['shared', 'Content Shared', 'Shared'],
  ['referral', 'Referral Made', 'Referral Sent'],
  ['referral_converted', 'Referral Converted'],
  ['reference', 'Reference Given'],
  ['story', 'Story Published', 'Story Told'],
  ['testimonial', 'Testimonial Given', 'Testimonial Submitted'],
  ['community_question', 'Question Asked', 'Community Question Asked'],
  ['community_answer', 'Question Answered', 'Community Question Answered', 'Answer Posted'],
  ['community_solution', 'Solution Accepted', 'Answer Accepted'],
  ['idea_submitted', 'Idea Submitted', 'Feature Requested'],
  ['talk_given', 'Talk Given'],
  ['beta_joined', 'Beta Joined'],
  ['identified', 'Identified'],
  ['grouped', 'Grouped'],
  ['aliased', 'Aliased'],
]

export interface EventNameGroup {
  readonly title: string
  readonly names: readonly EventName[]
}

const group = (title: string, names: NamesByKind): EventNameGroup => ({
  title,
  names: names.flatMap(([kind, ...list]) => list.map((name) => ({ name, kind }))),
})

export const eventNameGroups: readonly EventNameGroup[] = [
  group('E-commerce (Segment, version 2)', ecommerce),
  group('E-commerce (Segment, version 1)', ecommerceFirst),
  group('B2B SaaS (Segment)', saas),
  group('E-mail (Segment)', email),
  group('Live chat (Segment)', liveChat),
  group('Video (Segment)', video),
  group('Mobile (Segment)', mobile),
  group('Google Analytics 4', googleAnalytics),
  group('Our own', own),
]
