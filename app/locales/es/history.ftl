# My submissions, and whether this device is remembered.

history-title = Mi historial
history-description = Los repartos enviados desde este dispositivo y cuáles de ellos cuentan.
history-lede = De cada presupuesto cuenta su reparto más reciente. Los anteriores se conservan aquí.
history-unknown = Este dispositivo no se recuerda
history-unknown-about = Cada reparto que envíe desde aquí es independiente y solo se llega a él por su propia dirección. Si permite que se recuerde este dispositivo, sus repartos aparecerán aquí.
history-empty = Todavía no hay nada
history-empty-about = Este dispositivo se recuerda. Aquí aparecerá su primer reparto.
history-empty-way = Repartir sus impuestos
history-counts = Cuenta
history-replaced = Sustituido
# What is marked is for screen readers only.
history-delete = Eliminar<hush> el reparto del { $moment }</hush>
history-newer = Repartos más recientes
history-older = Repartos anteriores
history-all = Todo junto
history-all-about = Todo lo que se ha enviado desde este dispositivo, para guardarlo o retirarlo.
history-delete-all = Eliminarlo todo…

device-title = Cookies y este dispositivo
device-known = Este dispositivo se recuerda mediante una sola cookie con un número aleatorio. Si lo olvida, sus repartos seguirán contando, pero ya no se podrá llegar a ellos desde aquí.
device-unknown = Para recordarlo basta una cookie con un número aleatorio: ni nombre ni dirección. Así, un reparto nuevo sustituye al anterior en lugar de contar aparte.
device-forget = Olvidar este dispositivo
device-remember = Recordar este dispositivo

# Deleting everything that this device has submitted.
delete-all-title = Eliminarlo todo
delete-all-description = Retire todos los repartos de este dispositivo: dejan de contar de inmediato.
delete-all-question = ¿Eliminar todos sus repartos?
delete-all-lede =
    { $number ->
        [one] Desde este dispositivo se ha enviado 1 reparto. A partir de ese momento dejará de contar y nadie podrá recuperarlo.
       *[other] Desde este dispositivo se han enviado { $number } repartos. A partir de ese momento dejarán de contar y nadie podrá recuperarlos.
    }
# The marks are names of files: they stay as they are.
delete-all-copies = Si quiere conservar una copia, antes <json>descárguelos en JSON</json> o <csv>en CSV</csv>.
delete-all-yes =
    { $number ->
        [one] Eliminar 1 reparto
       *[other] Eliminar { $number } repartos
    }
delete-all-no = Conservarlo todo
delete-all-done =
    { $number ->
        [one] 1 reparto eliminado
       *[other] { $number } repartos eliminados
    }
delete-all-done-about = Lo que dijo la gente ya se cuenta sin usted.
