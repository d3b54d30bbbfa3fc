/** What a laptop needs: a broker, a visit generator, a demo. Nothing in the pipeline uses it. */
package io.sessionizer.local;
