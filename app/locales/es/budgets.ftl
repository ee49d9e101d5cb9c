# Choosing a budget.

budgets-title = Elija un presupuesto
budgets-description = Los presupuestos que puede repartir, con o sin cifras oficiales con las que comparar.
budgets-lede = Cada uno es una consulta aparte: repártalo y después compare.
budgets-nobody = nadie todavía
budgets-with-actual = Con gasto real: { $amount } { $unit } ({ $currency }), { $year }. { $source }.
budgets-without-actual = Sin cifras oficiales: compare con los demás.
budgets-split = Repartirlo
budgets-split-name = Repartirlo: { $title }
budgets-everyone-name = Todos: { $title }
areas = { $number } áreas
closed = Cerrado
