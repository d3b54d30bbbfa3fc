/** How values are laid out as bytes, between machines and in saved state. */
package io.sessionizer.coders;
