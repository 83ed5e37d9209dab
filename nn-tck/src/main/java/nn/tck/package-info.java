/** The conformance kit: what every backend has to compute, and how exactly. */
@NullMarked
package nn.tck;

import org.jspecify.annotations.NullMarked;
