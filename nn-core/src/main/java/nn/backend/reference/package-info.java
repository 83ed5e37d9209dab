/**
 * The reference backend: plain loops in double, the oracle that every other backend is tested
 * against.
 */
@NullMarked
package nn.backend.reference;

import org.jspecify.annotations.NullMarked;
