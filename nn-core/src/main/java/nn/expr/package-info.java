/**
 * Expressions: small immutable trees over one element, which simplify and differentiate themselves
 * and know nothing of any device. Backends compile them.
 */
@NullMarked
package nn.expr;

import org.jspecify.annotations.NullMarked;
