/** Memory of the card, and the way between it and the host. */
@NullMarked
package nn.cuda.memory;

import org.jspecify.annotations.NullMarked;
