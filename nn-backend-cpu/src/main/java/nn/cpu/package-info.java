/** The CPU backend: the verbs over heap arrays and the Vector API. */
@NullMarked
package nn.cpu;

import org.jspecify.annotations.NullMarked;
