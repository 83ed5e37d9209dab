/** How well a model does. */
@NullMarked
package nn.metric;

import org.jspecify.annotations.NullMarked;
