# An app registration for seatsync: it may read groups and users, and nothing else.
# Read it, then run it in PowerShell 7.3 with the module Microsoft.Graph, in the folder of seatsync.yaml.
# Granting consent takes the role Privileged Role Administrator.
# National clouds: Connect-MgGraph -Environment USGov
$ErrorActionPreference = 'Stop'

# Its certificate, for a year. app.pem has the private key; Entra gets the public part.
$key = [System.Security.Cryptography.RSA]::Create(3072)
$request = [System.Security.Cryptography.X509Certificates.CertificateRequest]::new(
    'CN=seatsync', $key, [System.Security.Cryptography.HashAlgorithmName]::SHA256,
    [System.Security.Cryptography.RSASignaturePadding]::Pkcs1)
$now = [DateTimeOffset]::UtcNow
$certificate = $request.CreateSelfSigned($now, $now.AddYears(1))
$certificate.ExportCertificatePem(), $key.ExportPkcs8PrivateKeyPem() | Set-Content app.pem
if ($IsWindows) { icacls app.pem /inheritance:r /grant:r "${env:USERNAME}:F" } else { chmod 600 app.pem }

# Application permissions (Type Role) of Microsoft Graph, by their ids:
# https://learn.microsoft.com/graph/permissions-reference
$graphId = '00000003-0000-0000-c000-000000000000'
$roles = @(
    '98830695-27a2-44f7-8c18-0c3ebc9698f6'  # GroupMember.Read.All: which users are in which group
    'df021288-bdef-4463-88db-98f22de89214'  # User.Read.All: their names, addresses, whether enabled
    # Application.Read.All, if you like: `check --online` then sees single sign-on
    # '9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30'
    # Member.Read.Hidden, only where one of the groups hides its members
    # '658aa5d8-239f-45c4-aa12-864f4fc7e490'
)

Connect-MgGraph -Scopes Application.ReadWrite.All, AppRoleAssignment.ReadWrite.All
$app = New-MgApplication -DisplayName seatsync -SignInAudience AzureADMyOrg `
    -KeyCredentials @(@{ Type = 'AsymmetricX509Cert'; Usage = 'Verify'; Key = $certificate.RawData }) `
    -RequiredResourceAccess @(@{
        ResourceAppId  = $graphId
        ResourceAccess = @($roles | ForEach-Object { @{ Id = $_; Type = 'Role' } })
    })
$principal = New-MgServicePrincipal -AppId $app.AppId
$graph = Get-MgServicePrincipal -Filter "appId eq '$graphId'"
foreach ($role in $roles) {  # this is the consent
    New-MgServicePrincipalAppRoleAssignment -ServicePrincipalId $principal.Id `
        -PrincipalId $principal.Id -ResourceId $graph.Id -AppRoleId $role
}

"directory.tenant_id: $((Get-MgContext).TenantId)"
"directory.client_id: $($app.AppId)"
"directory.credential: {certificate: app.pem}"
"Next: seatsync init --interactive"
