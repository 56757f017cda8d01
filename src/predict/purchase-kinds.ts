/** Touchpoints with which somebody pays. */
export const purchaseKinds = ['purchase', 'subscription_started', 'subscription_renewed'] as const
