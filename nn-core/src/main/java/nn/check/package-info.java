/** Gradients by differences, for checking those by backpropagation. */
@NullMarked
package nn.check;

import org.jspecify.annotations.NullMarked;
