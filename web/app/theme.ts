import {
  ActionIcon,
  Button,
  createTheme,
  defaultVariantColorsResolver,
  Drawer,
  Modal,
  Tooltip,
} from '@mantine/core'

/**
 * Colours, sizes and spacing are the CSS variables of `theme.css`: the content security policy
 * allows no style element made at run time. Here stand only the defaults of behaviour.
 * For the same reason the page behind a drawer is kept still by CSS (`overscroll-behavior`).
 */
export const theme = createTheme({
  fontFamily: 'var(--font)',
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  // White on the accent is too faint in the dark; the ink of the accent is chosen for both.
  variantColorResolver: (input) => {
    const colors = defaultVariantColorsResolver(input)
    return input.variant === 'filled' ? { ...colors, color: 'var(--accent-ink)' } : colors
  },
  components: {
    ActionIcon: ActionIcon.extend({
      defaultProps: { variant: 'subtle' },
      vars: () => ({ root: { '--ai-color': 'var(--muted)', '--ai-hover': 'var(--hover)' } }),
    }),
    Button: Button.extend({ defaultProps: { size: 'sm' } }),
    Drawer: Drawer.extend({
      defaultProps: { lockScroll: false, position: 'right', transitionProps: { duration: 140 } },
    }),
    Modal: Modal.extend({
      defaultProps: { lockScroll: false, centered: true, transitionProps: { duration: 120 } },
    }),
    Tooltip: Tooltip.extend({ defaultProps: { withArrow: true, openDelay: 250 } }),
  },
})
