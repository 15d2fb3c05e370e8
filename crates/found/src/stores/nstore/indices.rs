//! Which orders of the columns are kept.
//!
//! For n columns there are C(n, n/2) orders, the fewest with which every set of columns stands first in one of them
//! (the symmetric chains of the subsets). They are the reference's, in its order, as their numbers are in the keys.

/// The orders of `columns` columns.
pub(super) fn indices(columns: usize) -> Vec<Vec<usize>> {
    let mut orders = Vec::new();
    let mut marked: Vec<usize> = (0..columns / 2).collect();
    loop {
        orders.push(order(columns, &marked));
        if !next_combination(&mut marked, columns) {
            return orders;
        }
    }
}

/// The order that a set of marked columns stands for: neighbours (unmarked, marked) are struck out, leftmost first,
/// until there are none; the marked of each pair come first, what is left in the middle, the unmarked last.
fn order(columns: usize, marked: &[usize]) -> Vec<usize> {
    let mut left: Vec<usize> = (0..columns).collect();
    let (mut first, mut last) = (Vec::new(), Vec::new());
    while let Some(at) = left.windows(2).position(|pair| !marked.contains(&pair[0]) && marked.contains(&pair[1])) {
        last.push(left.remove(at));
        first.push(left.remove(at));
    }
    [first, left, last].concat()
}

/// The next combination in lexicographic order; false after the last.
fn next_combination(chosen: &mut [usize], from: usize) -> bool {
    let size = chosen.len();
    let Some(place) = (0..size).rev().find(|&place| chosen[place] < from - size + place) else { return false };
    chosen[place] += 1;
    for next in place + 1..size {
        chosen[next] = chosen[next - 1] + 1;
    }
    true
}

/// The first index that has the `known` columns, in any order, before all others.
pub(super) fn choose(orders: impl Iterator<Item = impl AsRef<[usize]>>, known: &[usize]) -> Option<usize> {
    orders.into_iter().position(|order| order.as_ref()[..known.len()].iter().all(|column| known.contains(column)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_columns_have_the_orders_of_the_reference() {
        assert_eq!(indices(3), [[0, 1, 2], [1, 2, 0], [2, 0, 1]]);
    }

    #[test]
    fn every_set_of_columns_stands_first_in_one_of_the_fewest_orders() {
        let expected = [1, 2, 3, 6, 10, 20, 35, 70, 126, 252, 462, 924];
        for columns in 1..=12 {
            let orders = indices(columns);
            assert_eq!(orders.len(), expected[columns - 1]);
            assert!(orders[0].iter().copied().eq(0..columns));
            for set in 0u32..1 << columns {
                let known: Vec<usize> = (0..columns).filter(|column| set >> column & 1 == 1).collect();
                let chosen = choose(orders.iter(), &known).expect("an order for every set");
                let mut before = orders[chosen][..known.len()].to_vec();
                before.sort_unstable();
                assert_eq!(before, known);
            }
        }
    }
}
