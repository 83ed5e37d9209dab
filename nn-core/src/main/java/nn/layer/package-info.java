/** Layers: forward passes over tensors; gradients follow by themselves. */
@NullMarked
package nn.layer;

import org.jspecify.annotations.NullMarked;
